package org.dti4j.engine;

import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Precision;

/**
 * The memory of one pass of an {@link Engine}, without making it: what its tape holds of every layer, and what the layer at hand needs besides.
 * Follows {@link Block}, {@link FeedForward}, {@link StreamBlocks} and {@link SumBlocks}; what has the size of a prefix, or of what a processor's
 * cache holds, counts nothing.
 *
 * @param precision of weights and activations
 * @param adapterRank of LoRA on all projections, 0 without
 */
public record PassMemory(LlamaConfig config, Precision precision, int adapterRank) {
    private static final int FLOAT = Precision.FLOAT32.bytes();

    /** Projections that save the adapters' numbers: q, k and v, o, gate and up, down. */
    private static final int ADAPTED = 7;

    /** Bytes that the tape of a training pass holds when its forward pass has ended. */
    public long tapeBytes(Layout layout) {
        Sizes sizes = new Sizes(layout);
        double last = rows(sizes.rows) + sums(sizes) + sizes.sums * (2.0 * config.innerWidth() + config.width());
        double ofRows =
                rows(sizes.rows) + sizes.rows * (2.0 * config.innerWidth() + config.width() + 2.0 * queryWidth());
        double layer = ofRows + (layout.method().probes() ? sums(sizes) : 0);
        return Math.round(((config.layers() - 1) * layer + last) * precision.bytes());
    }

    /** Bytes that come and go within one layer, forward or backward, whichever needs more. */
    public long layerBytes(Layout layout, boolean backward) {
        Sizes sizes = new Sizes(layout);
        double inner = (backward ? 7.0 : 4.0) * config.innerWidth();
        double attention = (backward ? 8.0 : 5.0) * (queryWidth() + 2.0 * keyWidth());
        double norms = 4.0 * config.width() * FLOAT / precision.bytes();
        double scores = (backward ? 4.0 : 2.0) * sizes.sumScores * config.heads();
        double ofRows = sizes.rows * (Math.max(inner, attention) + norms + 2.0 * config.width());
        return Math.round((ofRows + scores) * precision.bytes() + masks(sizes));
    }

    /** Bytes of the logits [S, V] and of what becomes of them; the loss and its gradients in float32. */
    public long logitBytes(Layout layout, boolean backward) {
        double elements = (double) layout.targets() * config.vocabulary();
        return Math.round(elements * (precision.bytes() + FLOAT + (backward ? FLOAT + precision.bytes() : 0)));
    }

    /** What every row of a layer leaves: its input, keys and values, the adapters' numbers. */
    private double rows(double rows) {
        return rows * (config.width() + 2.0 * keyWidth() + (double) ADAPTED * adapterRank);
    }

    private double sums(Sizes sizes) {
        double initial = sizes.method.reset() ? 2.0 * sizes.rows * keyWidth() : 0;
        return sizes.sumScores * config.heads() + 2.0 * sizes.sumPlaces * queryWidth() + initial;
    }

    /** Computed once, by the layout, in float32 at first. */
    private double masks(Sizes sizes) {
        return (sizes.streamScores + sizes.sumScores * config.heads() * 2) * (FLOAT + precision.bytes());
    }

    private int queryWidth() {
        return config.heads() * config.headWidth();
    }

    private int keyWidth() {
        return config.keyValueHeads() * config.headWidth();
    }

    /** Rows, places of queries in blocks, and scores of one head. */
    private static final class Sizes {
        final Method method;
        final double rows;
        final double sums;
        final double streamScores;
        final double sumPlaces;
        final double sumScores;

        Sizes(Layout layout) {
            method = layout.method();
            rows = layout.rows();
            sums = layout.targets();
            Windows stream = Windows.ofStream(layout, WindowedAttention.BLOCK);
            Windows ofSums = Windows.ofSums(layout, WindowedAttention.BLOCK * WindowedAttention.BLOCKS_PER_SUM_BLOCK);
            streamScores = (double) stream.blocks() * stream.block() * (layout.prefixRows() + stream.keys());
            sumPlaces = (double) ofSums.blocks() * ofSums.sumsPerBlock();
            sumScores = sumPlaces * (layout.prefixRows() + ofSums.keys() + 1);
        }
    }
}
