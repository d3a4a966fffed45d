package org.dti4j.model;

import java.util.Arrays;
import org.dti4j.method.BlockGrid;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.tensor.Precision;

/**
 * The memory of one pass through a {@link Llama} with {@link WindowedAttention}, without making it: every operation's result counts,
 * since all live until the scope of their batch closes. Follows {@link Block}, {@link WindowedAttention} and {@link BlockAttention}
 * line by line; views count nothing, nor does what has the size of a prefix alone.
 *
 * @param precision of weights and activations
 * @param adapterRank of LoRA on all projections, 0 without
 */
public record ForwardMemory(LlamaConfig config, Precision precision, int adapterRank) {
    private static final int FLOAT = Precision.FLOAT32.bytes();

    /** A rotation: half turned, both halves joined, two products, their sum. */
    private static final double ROTATION = 4.5;

    /** Bytes of what {@link Llama#logits} makes for a layout, but for the logits themselves. */
    public long bytes(Layout layout) {
        Sizes sizes = new Sizes(layout);
        double layers = (config.layers() - 1) * block(sizes, sizes.rows, false) + block(sizes, sizes.sums, true);
        return Math.round(layers + embedded(sizes) + biases(sizes));
    }

    /**
     * Bytes that the backward pass of one layer holds besides: gradients of the scores, and of the rows. They are freed layer by layer.
     */
    public long backwardBytes(Layout layout) {
        Sizes sizes = new Sizes(layout);
        double scores = (double) config.heads() * Math.max(sizes.stream.scores(), sizes.sumScores());
        return Math.round((4 * scores + rowElements(sizes.rows)) * precision.bytes());
    }

    /** Bytes of the logits [S, V] and of what becomes of them; the loss and its gradients in float32. */
    public long logitBytes(Layout layout, boolean backward) {
        double elements = (double) layout.targets() * config.vocabulary();
        double forward = elements * precision.bytes() * (adapterRank > 0 && config.tiedHead() ? 2 : 1);
        double inFloat = precision == Precision.FLOAT32 ? 0 : FLOAT;
        return Math.round(forward + elements * (backward ? inFloat + 3 * FLOAT : inFloat));
    }

    private double embedded(Sizes sizes) {
        return (sizes.rows + 2.0 * sizes.distinct) * config.width() * precision.bytes();
    }

    /** One layer; the last asks for the [SUM]s alone. */
    private double block(Sizes sizes, int rows, boolean sumsOnly) {
        double keyValues = mapped(sizes.rows, 2 * keyWidth(), 2);
        double elements = keyValues + rowElements(rows) + mapped(rows, queryWidth(), 1);
        double norms = norm(sizes.rows) + norm(rows);
        if (sizes.method.reset()) {
            elements += mapped(sizes.distinct, 2 * keyWidth(), 2) + 2.0 * sizes.rows * keyWidth();
            norms += norm(sizes.distinct);
        }
        elements += sumsOnly ? sumAttention(sizes) : streamAttention(sizes);
        return elements * precision.bytes() + norms;
    }

    /** What follows attention: the output map and the feed-forward block, with their sums. */
    private double rowElements(int rows) {
        double inner = mapped(rows, 2 * config.innerWidth(), 2) + 2.0 * rows * config.innerWidth();
        return inner + mapped(rows, 2 * config.width(), 2) + 2.0 * rows * config.width();
    }

    /** Results of linear maps with {@code outputs} in all: with an adapter the frozen map's, the update, their sum, and two of r. */
    private double mapped(int rows, int outputs, int maps) {
        return adapterRank == 0 ? (double) rows * outputs : rows * (3.0 * outputs + 2.0 * maps * adapterRank);
    }

    /** Bytes of {@link Block.Norm}. */
    private double norm(int rows) {
        double perElement = precision == Precision.FLOAT32 ? 3 * FLOAT : 3 * FLOAT + 2 * precision.bytes();
        return perElement * rows * config.width();
    }

    private double streamAttention(Sizes sizes) {
        double rows = sizes.rows;
        double rotated = rows * (queryWidth() * (1 + ROTATION) + keyWidth() * ROTATION);
        int queries = sizes.method.prefixDistance() == null ? 1 : 2;
        double elements = rotated + queries * (double) sizes.streamRows * queryWidth() + rows * queryWidth();
        elements += blocks(sizes.stream, queries, false, false);
        return sizes.method.probes() ? elements + sumAttention(sizes) + rows * queryWidth() : elements;
    }

    private double sumAttention(Sizes sizes) {
        Method method = sizes.method;
        boolean rope = method.sumPosition() == Method.SumPosition.ROPE;
        int queries = rope && method.prefixDistance() != null ? 2 : 1;
        double rotated = rope ? ROTATION * (sizes.sums * queryWidth() + (double) sizes.rows * keyWidth()) : 0;
        double ofSums = 3.0 * sizes.sums * queryWidth() + 2.0 * sizes.sums * keyWidth();
        double bySlot = sizes.sumBlocks.queries * (queries * (double) queryWidth() + 2.0 * keyWidth());
        return rotated + ofSums + bySlot + blocks(sizes.sumBlocks, queries, method.sumHidden(), method.reset());
    }

    /** {@link BlockAttention#attend}: scores, their join, sum and softmax, the shares of values; queries and keys in blocks. */
    private double blocks(Blocks grid, int queries, boolean self, boolean reset) {
        double scores = config.heads() * (grid.queries * (5.0 * grid.prefix + (reset ? 8 : 5) * (double) grid.keys));
        double keys = (reset ? 6 : 2) * (grid.chunkedKeys + grid.paddedKeys) * keyWidth();
        double states = (queries + 4.0 + (reset ? 2 : 0) + (self ? 3 : 0)) * grid.queries * queryWidth();
        return scores + keys + states;
    }

    /** {@link BlockBias}, once for all layers. */
    private double biases(Sizes sizes) {
        double stream = sizes.stream.scores() * (2.0 * precision.bytes() + 3);
        boolean byHead = sizes.method.sumPosition() == Method.SumPosition.ALIBI;
        double sums = sizes.sumScores() * (60.0 + precision.bytes() * (byHead ? 3.0 * config.heads() : 2));
        return stream + sums;
    }

    private int queryWidth() {
        return config.heads() * config.headWidth();
    }

    private int keyWidth() {
        return config.keyValueHeads() * config.headWidth();
    }

    /** The blocks of a grid: B · M queries, over P prefix keys and W keys each. */
    private record Blocks(double queries, int prefix, int keys, double chunkedKeys, double paddedKeys) {
        static Blocks of(BlockGrid grid, Layout layout) {
            return new Blocks(
                    (double) grid.blocks() * grid.queriesPerBlock(),
                    layout.prefixRows(),
                    grid.keysPerBlock(),
                    (double) grid.blocks() * grid.keysPerBlock(),
                    layout.streamRows());
        }

        /** Per head. */
        double scores() {
            return queries * (prefix + keys);
        }
    }

    private static final class Sizes {
        final Method method;
        final int rows;
        final int streamRows;
        final int sums;
        final int distinct;
        final Blocks stream;
        final Blocks sumBlocks;

        Sizes(Layout layout) {
            method = layout.method();
            rows = layout.rows();
            streamRows = layout.streamRows();
            sums = layout.targets();
            distinct = (int) Arrays.stream(layout.ids()).distinct().count();
            stream = Blocks.of(BlockGrid.ofStream(layout, WindowedAttention.CHUNK), layout);
            sumBlocks = Blocks.of(BlockGrid.ofSums(layout, WindowedAttention.CHUNK), layout);
        }

        double sumScores() {
            return sumBlocks.scores();
        }
    }
}
