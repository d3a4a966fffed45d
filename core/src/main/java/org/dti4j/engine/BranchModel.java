package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Relay;
import org.dti4j.tensor.Scope;

/** What passes over branches have in common: the model's parts, the prefix's states, and the attention of stream rows. */
record BranchModel(
        LlamaConfig config,
        Method method,
        Placement placement,
        List<BranchLayer> layers,
        List<BranchPrefix> prefix,
        TokenEmbedding embedding,
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
     * @param parts how the rows are divided; those of attention only if there is one branch
     */
    List<KeyValue> read(UserStream stream, int[] ids, Rows rows, long branches, RowParts parts) {
        List<KeyValue> states = new ArrayList<>();
        try (Relay x = new Relay(embedding.of(ids))) {
            for (int at = 0; at < layers.size(); at++) {
                try (Scope scope = Scope.open()) { // or all layers' intermediate results would be held until the last
                    BranchLayer layer = layers.get(at);
                    boolean last = at == layers.size() - 1;
                    List<Tensor> made = parts.map(List.of(x.now()), some -> {
                        Tensor h = layer.normed(some.get(0));
                        KeyValue kv = layer.keyValue(h);
                        return last ? List.of(kv.k(), kv.v()) : List.of(kv.k(), kv.v(), layer.query(h));
                    });
                    KeyValue own = new KeyValue(scope.keep(made.get(0)), scope.keep(made.get(1)));
                    states.add(own);
                    if (!last) {
                        Tensor q = made.get(2);
                        x.next(
                                scope,
                                branches == 1
                                        ? finish(q, x.now(), at, keys(own, stream, at, rows), rows.own(), parts)
                                        : layer.finish(attend(q, own, stream, at, rows, branches), x.now()));
                    }
                }
            }
        }
        return states;
    }

    /** Docs/method.md section 3 for rows that go on with a stream, [N, H · E]. */
    Tensor attend(Tensor q, KeyValue own, UserStream stream, int layer, Rows rows, long branches) {
        Tensor rotated = rows.own().forward(q);
        return attend(q, rotated, keys(own, stream, layer, rows), branches);
    }

    private Tensor attend(Tensor q, Tensor rotated, BranchAttention.Read read, long branches) {
        return new BranchAttention(config).forward(rotated, fixedPrefix() ? q : rotated, read, branches);
    }

    private BranchAttention.Read keys(KeyValue own, UserStream stream, int layer, Rows rows) {
        KeyValue context = stream.states(layer);
        return new BranchAttention.Read(
                prefix.get(layer).rows(),
                Prefix.ofRows(rows.context().forward(context.k()), context.v()),
                rows.own().forward(own.k()),
                own.v(),
                rows.mask());
    }

    /** Attention of one branch's rows and what follows it, part by part: each reads all keys, and its rows of the mask. */
    private Tensor finish(Tensor q, Tensor x, int layer, BranchAttention.Read read, Rotation own, RowParts parts) {
        Tensor mask = read.bias().flatten(0, 3); // [N, P + R + N]
        return parts.map(List.of(q, own.forward(q), mask, x), some -> {
                    Tensor bias = some.get(2).view(1, 1, 1, -1, mask.size(1));
                    Tensor mixed = attend(some.get(0), some.get(1), read.with(bias), 1);
                    return List.of(layers.get(layer).finish(mixed, some.get(3)));
                })
                .get(0);
    }
}
