package org.dti4j.engine;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.method.Method;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * One pass over C candidates of a stream: their items as branches of T rows, the shorter ones padded, then a [SUM] for each. Its tensors live
 * in the scope that it was made in.
 */
final class BranchPass {
    private final BranchModel model;
    private final UserStream stream;
    private final int branches; // C
    private final int rows; // C · T
    private final int[] ids; // C · T + C
    private final BranchModel.Rows ofRows;
    private final Rotation sumRotation; // [C]
    private final Tensor sumMask;
    private final @Nullable Tensor reset; // alpha per row of the stream
    private final boolean rotates;

    BranchPass(BranchModel model, UserStream stream, int[][] items) {
        this.model = model;
        this.stream = stream;
        branches = items.length;
        int[] lengths = Arrays.stream(items).mapToInt(item -> item.length).toArray();
        int longest = Arrays.stream(lengths).max().orElse(0);
        rows = branches * longest;
        ids = new int[rows + branches];
        Arrays.fill(ids, model.sumId()); // also where a shorter item is padded: nothing reads those rows
        for (int branch = 0; branch < branches; branch++) {
            System.arraycopy(items[branch], 0, ids, branch * longest, lengths[branch]);
        }
        int[] interactions = new int[longest];
        Arrays.fill(interactions, stream.interactions);
        ofRows = model.rows(stream, IntStream.range(0, rows).map(row -> stream.position + row % longest), interactions);
        sumRotation = model.rotation(Arrays.stream(lengths).map(length -> stream.position + length));
        sumMask = model.masks().sums(stream, lengths, longest, model.prefixRows());
        reset = model.method().reset() ? model.masks().resetRatios(stream) : null;
        rotates = model.method().sumPosition() == Method.SumPosition.ROPE;
    }

    /** The [SUM]s' states after the final norm, [C, D]. */
    Tensor sums() {
        Tensor x = model.embedding().of(ids);
        for (int layer = 0; layer < model.layers().size(); layer++) {
            try (Scope scope = Scope.open()) {
                x = scope.keep(layer(x, layer, layer == model.layers().size() - 1));
            }
        }
        return model.norm().forward(x);
    }

    /** @param sumsOnly whether only the [SUM]s' states are wanted: nothing after the last layer reads another row */
    private Tensor layer(Tensor x, int at, boolean sumsOnly) {
        BranchLayer layer = model.layers().get(at);
        Tensor h = layer.normed(x);
        KeyValue kv = layer.keyValue(h);
        if (sumsOnly) {
            return layer.finish(attendSums(layer.query(sumsOf(h)), kv, at), sumsOf(x));
        }
        Tensor q = layer.query(h);
        Tensor ofItems = model.attend(q.narrow(0, 0, rows), kv.narrow(0, rows), stream, at, ofRows, branches);
        return layer.finish(Tensors.join(0, ofItems, attendSums(sumsOf(q), kv, at)), x);
    }

    private Tensor sumsOf(Tensor all) {
        return all.narrow(0, rows, branches);
    }

    /** Sections 3 and 4 for [SUM]s, [C, H · E]. */
    private Tensor attendSums(Tensor q, KeyValue kv, int layer) {
        KeyValue items = kv.narrow(0, rows);
        KeyValue itself = kv.narrow(rows, branches);
        KeyValue context = context(layer);
        Tensor asSeen = turned(sumRotation, q);
        BranchAttention.Read read = new BranchAttention.Read(
                model.prefix().get(layer).sums(),
                Prefix.ofRows(turned(ofRows.context(), context.k()), context.v()),
                beside(turned(ofRows.own(), items.k()), turned(sumRotation, itself.k())),
                beside(items.v(), itself.v()),
                sumMask);
        return new BranchAttention(model.config()).forward(asSeen, model.fixedPrefix() ? q : asSeen, read, branches);
    }

    private Tensor turned(Rotation rotation, Tensor x) {
        return rotates ? rotation.forward(x) : x;
    }

    /** Keys and values of the stream, partly reset to those of their input embeddings. */
    private KeyValue context(int layer) {
        KeyValue states = stream.states(layer);
        KeyValue initial = stream.initial(layer);
        return reset == null || initial == null
                ? states
                : new KeyValue(torch.lerp(states.k(), initial.k(), reset), torch.lerp(states.v(), initial.v(), reset));
    }

    /** Each branch's item [C · T, KV, E] and then its [SUM] [C, KV, E], to [C · (T + 1), KV, E]. */
    private Tensor beside(Tensor items, Tensor sums) {
        return Tensors.join(1, items.unflatten(0, branches, -1), sums.unsqueeze(1))
                .flatten(0, 1);
    }
}
