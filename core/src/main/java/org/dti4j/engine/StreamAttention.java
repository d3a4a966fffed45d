package org.dti4j.engine;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Layout;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;

/**
 * Windowed causal attention of prefix and stream rows (docs/method.md section 3): rotated queries and keys; prefix keys perhaps at a fixed
 * distance. R rows, P of them the prefix.
 */
final class StreamAttention {
    private final LlamaConfig config;
    private final int rows; // R
    private final int prefixRows; // P
    private final boolean fixedPrefix;
    private final KeyWindows keys;
    private final Rotation rotation; // [R]
    private final Rotation prefixRotation; // [P]
    private final StreamBlocks blocks;

    StreamAttention(Layout layout, LlamaConfig config, Placement placement, int block, RowParts parts) {
        this.config = config;
        Windows windows = Windows.ofStream(layout, block);
        rows = windows.rows();
        prefixRows = layout.prefixRows();
        fixedPrefix = layout.method().prefixDistance() != null;
        keys = new KeyWindows(windows, config.keyValueHeads());
        rotation = Rotation.of(IntStream.range(0, rows).map(layout::position), config, placement);
        prefixRotation = Rotation.ofPrefix(layout, config, placement);
        Tensor mask = placement.reals(
                Masks.additive(layout, windows, Masks.streamRows(windows), block),
                windows.blocks(),
                block,
                prefixRows + windows.keys());
        blocks = new StreamBlocks(config, windows, mask, parts);
    }

    /**
     * @param q [R, H, E], scaled, not rotated
     * @param k [R, KV, E], not rotated
     * @param v [R, KV, E]
     * @return [R, H, E]
     */
    Tensor forward(Tensor q, Tensor k, Tensor v) {
        return blocks.forward(rotation.forward(q), fixedPrefix ? q : null, read(k, v));
    }

    /** The same in both passes: cheaper to lay out again than to hold. */
    private StreamBlocks.Read read(Tensor k, Tensor v) {
        Tensor rotated = rotation.forward(k);
        Tensor ofPrefix = fixedPrefix ? prefixRotation.forward(k.narrow(0, 0, prefixRows)) : prefix(rotated);
        return new StreamBlocks.Read(Prefix.ofRows(ofPrefix, prefix(v)), keys.pack(rotated), keys.pack(v));
    }

    private Tensor prefix(Tensor ofRows) {
        return ofRows.narrow(0, 0, prefixRows);
    }

    /**
     * @param dOut [R, H, E]
     * @param q as {@link #forward} read it, and k and v
     * @param dk what the gradient of k is added to, [R, KV, E]; dv likewise
     * @return the gradient of q
     */
    Tensor backward(Tensor dOut, Tensor q, Tensor k, Tensor v, Tensor dk, Tensor dv) {
        StreamBlocks.Read read = read(k, v);
        StreamBlocks.Read sums = new StreamBlocks.Read(
                read.prefix().zeros(), keys.zeros(k, config.headWidth()), keys.zeros(v, config.headWidth()));
        StreamBlocks.Gradients found = blocks.backward(dOut, rotation.forward(q), fixedPrefix ? q : null, read, sums);
        Tensor dRotated = keys.unpack(sums.k());
        Tensor ofPrefix = sums.prefix().k().transpose(0, 1);
        if (fixedPrefix) {
            prefix(dk).add_(prefixRotation.backward(ofPrefix));
        } else {
            prefix(dRotated).add_(ofPrefix);
        }
        dk.add_(rotation.backward(dRotated));
        dv.add_(keys.unpack(sums.v()));
        prefix(dv).add_(sums.prefix().v().transpose(0, 1));
        Tensor dq = rotation.backward(found.q());
        return found.qOfPrefix() == null ? dq : dq.add_(found.qOfPrefix());
    }
}
