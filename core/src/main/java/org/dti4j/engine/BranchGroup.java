package org.dti4j.engine;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.method.Method;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * C candidates of one stream, as part of a {@link BranchPass}: what their attention needs. Their items are branches of T rows, the shorter ones
 * padded, and a [SUM] follows each. Its tensors live in the scope that it was made in.
 */
final class BranchGroup {
    private final BranchModel model;
    private final UserStream stream;
    private final int[][] items;
    private final int longest; // T
    private final @Nullable Tensor known; // of the items' tokens, if they need not be computed: [C · T, L · 2 · KV · E]
    private final BranchModel.Rows ofRows;
    private final Rotation sumRotation; // [C]
    private final Tensor sumMask;
    private final @Nullable Tensor reset; // alpha per row of the stream
    private final boolean rotates;

    BranchGroup(BranchModel model, UserStream stream, int[][] items, @Nullable Tensor known) {
        this.model = model;
        this.stream = stream;
        this.items = items;
        this.known = known;
        int[] lengths = Arrays.stream(items).mapToInt(item -> item.length).toArray();
        longest = longest(items);
        int[] interactions = new int[longest];
        Arrays.fill(interactions, stream.interactions);
        ofRows = model.rows(
                stream,
                IntStream.range(0, items.length * longest).map(row -> stream.position + row % longest),
                interactions);
        sumRotation = model.rotation(Arrays.stream(lengths).map(length -> stream.position + length));
        sumMask = model.masks().sums(stream, lengths, longest, model.prefixRows());
        reset = model.method().reset() ? model.masks().resetRatios(stream) : null;
        rotates = model.method().sumPosition() == Method.SumPosition.ROPE;
    }

    static int longest(int[][] items) {
        return Arrays.stream(items).mapToInt(item -> item.length).max().orElse(0);
    }

    /** C. */
    int branches() {
        return items.length;
    }

    /** Of items, that must be computed: C · T or none. */
    int rows() {
        return known == null ? items.length * longest : 0;
    }

    /** Writes the ids of its rows from a place on; where a shorter item is padded, what stood there: nothing reads those rows. */
    void write(int[] ids, int at) {
        for (int branch = 0; branch < rows() / Math.max(1, longest); branch++) {
            System.arraycopy(items[branch], 0, ids, at + branch * longest, items[branch].length);
        }
    }

    /** Section 3 for its items' rows, [C · T, H · E]. */
    Tensor attendItems(Tensor q, KeyValue own, int layer) {
        return model.attend(q, own, stream, layer, ofRows, branches());
    }

    /**
     * Sections 3 and 4 for its [SUM]s, [C, H · E].
     *
     * @param computed keys and values of its items' rows, if those are not known
     */
    Tensor attendSums(Tensor q, KeyValue computed, KeyValue itself, int layer) {
        KeyValue own = known == null
                ? computed
                : TokenShape.of(model.config(), model.placement()).layer(known, layer);
        KeyValue context = context(layer);
        Tensor asSeen = turned(sumRotation, q);
        BranchAttention.Read read = new BranchAttention.Read(
                model.prefix().get(layer).sums(),
                Prefix.ofRows(turned(ofRows.context(), context.k()), context.v()),
                beside(turned(ofRows.own(), own.k()), turned(sumRotation, itself.k())),
                beside(own.v(), itself.v()),
                sumMask);
        return new BranchAttention(model.config()).forward(asSeen, model.fixedPrefix() ? q : asSeen, read, branches());
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
        return Tensors.join(1, items.unflatten(0, branches(), -1), sums.unsqueeze(1))
                .flatten(0, 1);
    }
}
