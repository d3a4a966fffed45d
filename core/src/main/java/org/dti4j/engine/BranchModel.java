package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;

/** What passes over branches have in common: the model's parts, the prefix's states, and the attention of stream rows. */
record BranchModel(
        LlamaConfig config,
        Method method,
        Placement placement,
        List<BranchLayer> layers,
        List<BranchPrefix> prefix,
        BranchEmbedding embedding,
        RmsNorm norm,
        int sumId) {
    /** P. */
    int prefixRows() {
        return Math.toIntExact(prefix.get(0).rows().rows());
    }

    BranchMasks masks() {
        return new BranchMasks(method, config, placement);
    }

    boolean fixedPrefix() {
        return method.prefixDistance() != null;
    }

    Rotation rotation(IntStream positions) {
        return Rotation.of(positions, config, placement);
    }

    /**
     * What attention of new stream rows needs besides states; the same in every layer.
     *
     * @param own rotation of the new rows
     * @param context rotation of the stream's
     */
    record Rows(Rotation own, Rotation context, Tensor mask) {}

    /**
     * @param positions of the new rows, in all branches
     * @param interactions of the new rows of one branch
     */
    Rows rows(UserStream stream, IntStream positions, int[] interactions) {
        return new Rows(
                rotation(positions),
                rotation(IntStream.range(0, stream.rows()).map(stream::rowPosition)),
                masks().rows(stream, interactions, prefixRows()));
    }

    /**
     * Keys and values of new stream rows in every layer; they live in the innermost scope.
     *
     * @param ids of the new rows, one branch after the other
     */
    List<KeyValue> read(UserStream stream, int[] ids, Rows rows, long branches) {
        List<KeyValue> states = new ArrayList<>();
        Tensor x = embedding.of(ids);
        for (int at = 0; at < layers.size(); at++) {
            try (Scope scope = Scope.open()) { // or all layers' intermediate results would be held until the last
                BranchLayer layer = layers.get(at);
                Tensor h = layer.normed(x);
                KeyValue kv = layer.keyValue(h);
                states.add(new KeyValue(scope.keep(kv.k()), scope.keep(kv.v())));
                if (at < layers.size() - 1) {
                    x = scope.keep(layer.finish(attend(layer.query(h), kv, stream, at, rows, branches), x));
                }
            }
        }
        return states;
    }

    /** Docs/method.md section 3 for rows that go on with a stream, [N, H · E]. */
    Tensor attend(Tensor q, KeyValue own, UserStream stream, int layer, Rows rows, long branches) {
        KeyValue context = stream.states(layer);
        Tensor rotated = rows.own().forward(q);
        BranchAttention.Read read = new BranchAttention.Read(
                prefix.get(layer).rows(),
                Prefix.ofRows(rows.context().forward(context.k()), context.v()),
                rows.own().forward(own.k()),
                own.v(),
                rows.mask());
        return new BranchAttention(config).forward(rotated, fixedPrefix() ? q : rotated, read, branches);
    }
}
