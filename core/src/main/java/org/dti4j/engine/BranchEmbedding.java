package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.DistinctIds;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Placement;

/** Input embeddings and the output head of a model, trained rows in place of the checkpoint's. */
record BranchEmbedding(Llama model, Tensor head) {
    /** [N, D]. */
    Tensor of(int[] ids) {
        Placement placement = model.placement();
        DistinctIds distinct = DistinctIds.of(ids);
        Tensor states = torch.embedding(model.embedding(), placement.integers(distinct.ids(), distinct.size()));
        replace(states, distinct);
        return torch.embedding(states, placement.integers(distinct.index(), ids.length));
    }

    private void replace(Tensor states, DistinctIds distinct) {
        Llama.TrainedRows trained = model.trainedRows();
        if (trained == null) {
            return;
        }
        int[] rows = trained.ids().toArray();
        for (int i = 0; i < rows.length; i++) {
            int place = distinct.place(rows[i]);
            if (place >= 0) {
                states.narrow(0, place, 1).copy_(trained.rows().narrow(0, i, 1));
            }
        }
    }

    /**
     * Logits of a few words alone: the whole vocabulary is never computed.
     *
     * @param states [N, D], normed
     * @param words distinct token ids, in ascending order
     * @return [N, words]
     */
    Tensor logits(Tensor states, int[] words) {
        DistinctIds distinct = DistinctIds.of(words);
        Tensor rows = head.index_select(0, model.placement().integers(words, words.length));
        if (model.config().tiedHead()) {
            replace(rows, distinct);
        }
        return torch.linear(states, rows);
    }
}
