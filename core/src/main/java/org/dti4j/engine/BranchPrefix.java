package org.dti4j.engine;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Rope;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;

/**
 * The prefix as one layer has it: it reads nothing but itself, so it is computed once for all users.
 *
 * @param rows as stream rows meet it, [KV, P, E]
 * @param sums as [SUM]s do
 */
record BranchPrefix(Prefix rows, Prefix sums) {
    /** Passes the prefix through all layers; the results are owned by the caller. */
    static List<BranchPrefix> read(int[] ids, Method method, TokenEmbedding embedding, List<BranchLayer> layers) {
        LlamaConfig config = embedding.model().config();
        Placement placement = embedding.model().placement();
        try (Scope scope = Scope.open()) {
            Rotation own = Rotation.of(IntStream.range(0, ids.length), config, placement);
            Rotation far = far(ids.length, method, config, placement);
            Tensor mask = new BranchMasks(method, config, placement).prefix(ids.length);
            Tensor[] x = {embedding.of(ids)};
            return layers.stream()
                    .map(layer -> {
                        Tensor h = layer.normed(x[0]);
                        KeyValue kv = layer.keyValue(h);
                        Tensor k = own.forward(kv.k());
                        Prefix nothing = kv.narrow(0, 0).byHead();
                        Tensor q = own.forward(layer.query(h));
                        x[0] = layer.finish(
                                new BranchAttention(config)
                                        .forward(q, q, new BranchAttention.Read(nothing, nothing, k, kv.v(), mask), 1),
                                x[0]);
                        return of(scope, kv, far.forward(kv.k()), method);
                    })
                    .toList();
        }
    }

    private static BranchPrefix of(Scope scope, KeyValue kv, Tensor far, Method method) {
        boolean rotates = method.sumPosition() == Method.SumPosition.ROPE;
        Prefix rows = Prefix.ofRows(far, kv.v());
        Prefix sums = Prefix.ofRows(rotates ? far : kv.k(), kv.v());
        return new BranchPrefix(owned(scope, rows), owned(scope, sums));
    }

    private static Prefix owned(Scope scope, Prefix prefix) {
        return new Prefix(scope.own(prefix.k().clone()), scope.own(prefix.v().clone()));
    }

    /** As {@link Rotation#ofPrefix}: at the true distance, or as if every query stood at one place. */
    private static Rotation far(int rows, Method method, LlamaConfig config, Placement placement) {
        Double fixed = method.prefixDistance();
        double query = fixed == null ? 0 : rows - 1 + fixed;
        double[] positions =
                IntStream.range(0, rows).mapToDouble(row -> row - query).toArray();
        Rope rope = Rope.at(positions, config, placement);
        return new Rotation(rope.cos(), rope.sin().narrow(2, 0, rope.sin().size(2) / 2));
    }

    void close() {
        for (Prefix prefix : List.of(rows, sums)) {
            prefix.k().close();
            prefix.v().close();
        }
    }
}
