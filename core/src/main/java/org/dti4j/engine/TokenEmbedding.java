package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.method.DistinctIds;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Placement;

/**
 * Input embeddings and the output head of a model, trained rows in place of the checkpoint's.
 *
 * @param head [V, D]
 */
record TokenEmbedding(Llama model, Tensor head) {
    /** Name of the input embeddings' weight. */
    static final String INPUT = "model.embed_tokens.weight";

    static TokenEmbedding of(Parts parts) {
        return new TokenEmbedding(parts.model(), parts.weight(headName(parts.model())));
    }

    /** Name of the head's weight. */
    String headName() {
        return headName(model);
    }

    private static String headName(Llama model) {
        return model.config().tiedHead() ? INPUT : "lm_head.weight";
    }

    /** [N, D]. */
    Tensor of(int[] ids) {
        DistinctIds distinct = DistinctIds.of(ids);
        return torch.embedding(of(distinct), integers(distinct.index()));
    }

    /** Of each distinct id, [U, D]. */
    Tensor of(DistinctIds distinct) {
        return replaced(torch.embedding(model.embedding(), integers(distinct.ids())), distinct);
    }

    private Tensor replaced(Tensor states, DistinctIds distinct) {
        Llama.TrainedRows trained = model.trainedRows();
        if (trained == null) {
            return states;
        }
        int[] rows = trained.ids().toArray();
        for (int i = 0; i < rows.length; i++) {
            int place = distinct.place(rows[i]);
            if (place >= 0) {
                states.narrow(0, place, 1).copy_(trained.rows().narrow(0, i, 1));
            }
        }
        return states;
    }

    /**
     * Logits of a few words alone: the whole vocabulary is never computed. In float32, whatever the model computes in: logits of 16 and more are
     * an eighth apart in bfloat16, so that targets of different scores would have the same.
     *
     * @param states [N, D], normed
     * @param words token ids
     * @return [N, words], float32
     */
    Tensor logits(Tensor states, int[] words) {
        DistinctIds distinct = DistinctIds.of(words);
        Tensor rows = head.index_select(0, integers(distinct.ids())).to(ScalarType.Float);
        Tensor table = model.config().tiedHead() ? replaced(rows, distinct) : rows;
        return torch.linear(states.to(ScalarType.Float), table).index_select(1, integers(distinct.index()));
    }

    private Tensor integers(int[] values) {
        Placement placement = model.placement();
        return placement.integers(values, values.length);
    }
}
