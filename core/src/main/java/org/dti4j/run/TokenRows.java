package org.dti4j.run;

import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** Embedding rows that are trained beside an adapter. */
final class TokenRows {
    private TokenRows() {}

    /**
     * The rows as a float32 leaf that requires a gradient, [ids, D]; the caller owns it.
     *
     * @param trained rows that an adapter brings, by token id; the others are the model's own
     */
    static Tensor leaf(Llama model, int[] ids, SortedMap<Integer, Tensor> trained, String device) {
        Placement placement = new Placement(Precision.FLOAT32, device);
        try (Scope scope = Scope.open()) {
            Tensor[] rows = new Tensor[ids.length];
            for (int i = 0; i < ids.length; i++) {
                Tensor row = trained.get(ids[i]);
                rows[i] = placement.place(
                        row == null
                                ? model.embedding().narrow(0, ids[i], 1).to(torch.ScalarType.Float)
                                : row.view(1, model.config().width()));
            }
            Tensor leaf = scope.own(Tensors.join(0, rows).detach().clone());
            leaf.set_requires_grad(true);
            return leaf;
        }
    }
}
