package org.dti4j.engine;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Attention of [SUM]s (docs/method.md sections 3 and 4): neither side rotated and a penalty on distance, or rotated like any token; perhaps
 * with reset. S [SUM]s over R rows, P of them the prefix.
 */
final class SumAttention {
    private final LlamaConfig config;
    private final Method method;
    private final int prefixRows; // P
    private final boolean rotates;
    private final KeyWindows keys;
    private final Tensor sumRows; // [S]
    private final Rotation rotation; // [R]
    private final Rotation sumRotation; // [S]
    private final Rotation prefixRotation; // [P]
    private final SumBlocks blocks;

    SumAttention(Layout layout, LlamaConfig config, Placement placement, int block) {
        this.config = config;
        method = layout.method();
        prefixRows = layout.prefixRows();
        rotates = method.sumPosition() == Method.SumPosition.ROPE;
        Windows windows = Windows.ofSums(layout, block);
        keys = new KeyWindows(windows, config.keyValueHeads());
        sumRows = placement.integers(layout.sumRows(), layout.targets());
        rotation = Rotation.of(IntStream.range(0, windows.rows()).map(layout::position), config, placement);
        sumRotation = Rotation.of(IntStream.of(layout.sumRows()).map(layout::position), config, placement);
        prefixRotation = Rotation.ofPrefix(layout, config, placement);
        Tensor places = placement.integers(windows.sumSlots(), layout.targets());
        blocks = new SumBlocks(config, windows, places, SumMask.of(layout, windows, config, placement), prefixRows);
    }

    /** [S], the layout rows of the [SUM]s. */
    Tensor sumRows() {
        return sumRows;
    }

    /**
     * What [SUM]s read, none of it rotated; or its gradients.
     *
     * @param k [N, KV, E]
     * @param v [N, KV, E]
     * @param initialK [R, KV, E], keys of the rows' input embeddings in this layer (section 4); null without reset
     * @param initialV the values
     */
    record Keys(
            Tensor k,
            Tensor v,
            @Nullable Tensor initialK,
            @Nullable Tensor initialV) {}

    /**
     * @param q [S, H, E], scaled, not rotated
     * @return [S, H, E]
     */
    Tensor forward(Tensor q, Keys states, Tape tape) {
        Tensor asSeen = rotates ? sumRotation.forward(q) : q;
        return blocks.forward(asSeen, splitsQuery() ? q : null, read(states), tape);
    }

    /** Whether prefix keys are met by another query: rotated queries, the prefix at a fixed distance. */
    private boolean splitsQuery() {
        return rotates && fixedPrefix();
    }

    private boolean fixedPrefix() {
        return method.prefixDistance() != null;
    }

    /** The same in both passes: cheaper to lay out again than to hold. */
    private SumBlocks.Read read(Keys states) {
        Tensor k = states.k().narrow(0, 0, keys.windows().rows());
        Tensor v = states.v().narrow(0, 0, keys.windows().rows());
        Tensor asSeen = rotates ? rotation.forward(k) : k;
        Tensor ofPrefix = splitsQuery() ? prefixRotation.forward(prefix(k)) : prefix(asSeen);
        boolean hidden = method.sumHidden();
        Tensor initialK = states.initialK();
        Tensor initialV = states.initialV();
        Tensor own = hidden ? states.k().index_select(0, sumRows) : null;
        return new SumBlocks.Read(
                Prefix.ofRows(ofPrefix, prefix(v)),
                keys.pack(asSeen),
                keys.pack(v),
                initialK == null ? null : keys.pack(rotates ? rotation.forward(initialK) : initialK),
                initialV == null ? null : keys.pack(initialV),
                own != null && rotates ? sumRotation.forward(own) : own,
                hidden ? states.v().index_select(0, sumRows) : null);
    }

    private Tensor prefix(Tensor ofRows) {
        return ofRows.narrow(0, 0, prefixRows);
    }

    /** Gradients by q [S, H, E], and by the initial keys and values. */
    record Gradients(
            Tensor q, @Nullable Tensor initialK, @Nullable Tensor initialV) {}

    /**
     * @param dOut [S, H, E]
     * @param dk what the gradient of k is added to, [N, KV, E]; dv likewise
     */
    Gradients backward(Tensor dOut, Keys states, Tensor dk, Tensor dv, Tape tape) {
        SumBlocks.Read read = read(states);
        SumBlocks.Read sums = zeros(read);
        SumBlocks.Gradients found = blocks.backward(dOut, read, sums, tape);
        Tensor dSeen = keys.unpack(sums.k());
        Tensor ofPrefix = sums.prefix().k().transpose(0, 1);
        if (splitsQuery()) {
            prefix(dk).add_(prefixRotation.backward(ofPrefix));
        } else {
            prefix(dSeen).add_(ofPrefix);
        }
        rows(dk).add_(rotates ? rotation.backward(dSeen) : dSeen);
        rows(dv).add_(keys.unpack(sums.v()));
        prefix(dv).add_(sums.prefix().v().transpose(0, 1));
        addOwn(found, dk, dv);
        Tensor dq = rotates ? sumRotation.backward(found.q()) : found.q();
        Tensor dInitialK = sums.initialK() == null ? null : keys.unpack(sums.initialK());
        return new Gradients(
                found.qOfPrefix() == null ? dq : dq.add_(found.qOfPrefix()),
                dInitialK != null && rotates ? rotation.backward(dInitialK) : dInitialK,
                sums.initialV() == null ? null : keys.unpack(sums.initialV()));
    }

    private void addOwn(SumBlocks.Gradients found, Tensor dk, Tensor dv) {
        if (found.ownK() != null && found.ownV() != null) {
            dk.index_add_(0, sumRows, rotates ? sumRotation.backward(found.ownK()) : found.ownK());
            dv.index_add_(0, sumRows, found.ownV());
        }
    }

    private Tensor rows(Tensor ofAll) {
        return ofAll.narrow(0, 0, keys.windows().rows());
    }

    private SumBlocks.Read zeros(SumBlocks.Read read) {
        return new SumBlocks.Read(
                read.prefix().zeros(),
                zeros(read.k()),
                zeros(read.v()),
                read.initialK() == null ? null : zeros(read.initialK()),
                read.initialV() == null ? null : zeros(read.initialV()),
                null,
                null);
    }

    private Tensor zeros(Tensor array) {
        return keys.zeros(array, config.headWidth());
    }
}
