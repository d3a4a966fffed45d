package org.dti4j.baseline;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.baseline.Layers.Linear;
import org.dti4j.baseline.Layers.Norm;
import org.dti4j.tensor.Placement;

/**
 * SASRec (Kang and McAuley, ICDM 2018, arXiv 1808.09781) adapted to clicks: outcomes are added to the items that its causal self-attention
 * reads, x + SA(norm x) and x + FFN(norm x) (Eqs. 3 to 5 and section III-C), and the last state scores the target by an inner product (Eq. 6), with a bias per
 * item, against the label instead of against sampled items. No dropout.
 */
record SasRec(Embeddings embeddings, Tensor positions, List<Layer> layers, Norm last, Tensor biases)
        implements Network {
    private static final int LAYERS = 2;
    private static final double HIDDEN = -1e9;

    /** A block of one head. */
    record Layer(Norm before, Tensor query, Tensor key, Tensor value, Norm between, Linear inner, Linear outer) {
        static Layer of(Parameters parameters, String name, int width) {
            return new Layer(
                    Norm.of(parameters, name + "before", width),
                    parameters.matrix(name + "query", width, width),
                    parameters.matrix(name + "key", width, width),
                    parameters.matrix(name + "value", width, width),
                    Norm.of(parameters, name + "between", width),
                    Linear.of(parameters, name + "inner", width, width),
                    Linear.of(parameters, name + "outer", width, width));
        }

        /** @param hidden [N, n, n], added to the scores */
        Tensor of(Tensor x, Tensor hidden) {
            Tensor normed = before.of(x);
            Tensor scores = normed.matmul(query.t())
                    .matmul(normed.matmul(key.t()).transpose(1, 2))
                    .div(new Scalar(Math.sqrt((double) x.size(-1))));
            Tensor attended = x.add(scores.add(hidden).softmax(-1).matmul(normed.matmul(value.t())));
            return attended.add(outer.of(inner.of(between.of(attended)).relu()));
        }
    }

    static SasRec of(Parameters parameters, ItemTable table, int width, int context) {
        return new SasRec(
                Embeddings.of(parameters, table, width),
                parameters.embedding("positions", context, width),
                IntStream.range(0, LAYERS)
                        .mapToObj(layer -> Layer.of(parameters, "layer" + layer, width))
                        .toList(),
                Norm.of(parameters, "last", width),
                parameters.embedding("biases", table.items() + 1, 1));
    }

    @Override
    public Tensor logits(Examples examples) {
        int length = examples.context();
        Tensor state = embeddings.context(examples).add(positions);
        Tensor hidden = Placement.CPU_FLOAT32.floats(hidden(examples), examples.count(), length, length);
        for (Layer layer : layers) {
            state = layer.of(state, hidden);
        }
        Tensor end = last.of(state.select(1, length - 1));
        return Layers.sum(end.mul(embeddings.targets(examples)), -1)
                .add(Embeddings.rows(biases, examples.targets()).squeeze(-1));
    }

    /** What comes later, and padding, is hidden. */
    private static float[] hidden(Examples examples) {
        int length = examples.context();
        float[] hidden = new float[examples.count() * length * length];
        for (int at = 0; at < hidden.length; at++) {
            int key = at % length;
            int query = at / length % length;
            boolean padding = examples.items()[at / (length * length) * length + key] == 0;
            hidden[at] = key > query || padding ? (float) HIDDEN : 0;
        }
        return hidden;
    }
}
