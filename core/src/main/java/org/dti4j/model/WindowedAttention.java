package org.dti4j.model;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.BlockGrid;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.BlockAttention.Keys;
import org.dti4j.model.BlockAttention.Queries;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The fast attention: prefix rows among themselves, stream rows in blocks over the chunks that their windows reach, and [SUM]s in
 * blocks of their own. Equal to {@link DenseAttention} up to rounding, at a cost that is linear in the stream.
 */
public final class WindowedAttention implements Attention {
    static final int CHUNK = 64;

    private final Method method;
    private final LlamaConfig config;
    private final int prefixRows;
    private final int streamRows;
    private final Rope rope; // [N]
    private final Rope prefixRope; // [P], prefix keys as queries outside the prefix see them
    private final Tensor prefixMask; // [P, P]
    private final BlockAttention stream;
    private final BlockAttention sums;
    private final Tensor sumRows; // [S]
    private final Tensor sumOfSlot; // [B · M], the target in each place of the blocks of [SUM]s
    private final Tensor slotOfSum; // [S]
    private final Rope sumRope; // [S]

    public WindowedAttention(Layout layout, LlamaConfig config, Placement placement) {
        this(layout, config, placement, CHUNK);
    }

    /** With another number of stream rows per chunk: a matter of speed only. */
    WindowedAttention(Layout layout, LlamaConfig config, Placement placement, int chunk) {
        this.config = config;
        method = layout.method();
        prefixRows = layout.prefixRows();
        streamRows = layout.streamRows();
        double[] positions =
                IntStream.range(0, layout.rows()).mapToDouble(layout::position).toArray();
        rope = Rope.at(positions, config, placement);
        prefixRope = Rope.at(prefixPositions(), config, placement);
        prefixMask = causalMask(placement);
        BlockGrid grid = BlockGrid.ofStream(layout, chunk);
        stream = new BlockAttention(layout, grid, BlockBias.ofStream(layout, grid, placement), config, placement);
        BlockGrid sumGrid = BlockGrid.ofSums(layout, chunk);
        BlockBias sumBias = BlockBias.ofSums(layout, sumGrid, config, placement);
        sums = new BlockAttention(layout, sumGrid, sumBias, config, placement);
        sumRows = placement.integers(layout.sumRows(), layout.targets());
        slotOfSum = placement.integers(sumGrid.slots(), layout.targets());
        sumOfSlot = placement.integers(sumsBySlot(sumGrid), sums.queries());
        sumRope = rope.select(sumRows);
    }

    private static int[] sumsBySlot(BlockGrid grid) {
        int[] slots = grid.slots();
        int[] sums = new int[grid.blocks() * grid.queriesPerBlock()]; // padding asks for the first, and is dropped
        for (int sum = 0; sum < slots.length; sum++) {
            sums[slots[sum]] = sum;
        }
        return sums;
    }

    /** Prefix keys meet queries that are not rotated at all, if the distance is fixed; then only the difference counts. */
    private double[] prefixPositions() {
        Double fixed = method.prefixDistance();
        double query = fixed == null ? 0 : prefixRows - 1 + fixed;
        return IntStream.range(0, prefixRows).mapToDouble(row -> row - query).toArray();
    }

    private Tensor causalMask(Placement placement) {
        float[] causal = new float[prefixRows * prefixRows];
        for (int i = 0; i < causal.length; i++) {
            causal[i] = i % prefixRows <= i / prefixRows ? 0 : Float.NEGATIVE_INFINITY;
        }
        return placement.reals(causal, prefixRows, prefixRows);
    }

    @Override
    public boolean readsInitialStates() {
        return method.reset();
    }

    @Override
    public Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Initial initial) {
        Tensor scaled = scaled(q);
        Tensor rotated = rope.rotate(scaled);
        Keys keys = new Keys(rope.rotate(k), v);
        Tensor forPrefix = method.prefixDistance() == null ? null : scaled;
        Tensor ofPrefix = attendPrefix(prefixOf(rotated), prefixOf(keys.k()), prefixOf(v));
        Tensor ofStream = attendStream(rotated, forPrefix, prefixKeys(k, v), streamOf(keys));
        Tensor out = Tensors.join(0, ofPrefix, ofStream);
        if (!method.probes()) {
            return out;
        }
        Tensor ofSums = attendSums(q.index_select(0, sumRows), k, v, initial);
        return method.sumHidden() ? Tensors.join(0, out, ofSums) : out.index_copy(0, sumRows, ofSums);
    }

    @Override
    public Tensor attendSums(Tensor q, Tensor k, Tensor v, @Nullable Initial initial) {
        Tensor scaled = scaled(q);
        return switch (method.sumPosition()) {
            case ROPE -> {
                Tensor forPrefix = method.prefixDistance() == null ? null : scaled;
                Keys ofInitial = initial == null ? null : new Keys(rope.rotate(initial.k()), initial.v());
                Keys keys = new Keys(rope.rotate(k), v);
                yield attendSums(new Queries(sumRope.rotate(scaled), forPrefix), prefixKeys(k, v), keys, ofInitial);
            }
            case ALIBI -> {
                Keys ofInitial = initial == null ? null : new Keys(initial.k(), initial.v());
                Keys prefix = new Keys(prefixOf(k), prefixOf(v));
                yield attendSums(new Queries(scaled, null), prefix, new Keys(k, v), ofInitial);
            }
        };
    }

    private Tensor attendSums(Queries queries, Keys prefix, Keys all, @Nullable Keys initial) {
        Tensor toPrefix = queries.ofPrefix();
        Queries bySlot = new Queries(bySlot(queries.ofStream()), toPrefix == null ? null : bySlot(toPrefix));
        Keys self = method.sumHidden()
                ? new Keys(
                        bySlot(all.k().index_select(0, sumRows)), bySlot(all.v().index_select(0, sumRows)))
                : null;
        Keys initialStream = initial == null ? null : streamOf(initial);
        return sums.attend(bySlot, prefix, streamOf(all), initialStream, self).index_select(0, slotOfSum);
    }

    private Tensor bySlot(Tensor ofSums) {
        return ofSums.index_select(0, sumOfSlot);
    }

    private Tensor scaled(Tensor q) {
        return q.mul(new Scalar(1 / Math.sqrt(config.headWidth())));
    }

    /** The prefix as rotated queries, or queries at the fixed distance, see it. */
    private Keys prefixKeys(Tensor k, Tensor v) {
        return new Keys(prefixRope.rotate(prefixOf(k)), prefixOf(v));
    }

    private Tensor attendStream(Tensor rotated, @Nullable Tensor forPrefix, Keys prefix, Keys keys) {
        Tensor queries = padded(streamOf(rotated));
        Tensor toPrefix = forPrefix == null ? null : padded(streamOf(forPrefix));
        return stream.attend(new Queries(queries, toPrefix), prefix, keys, null, null)
                .narrow(0, 0, streamRows);
    }

    /** Plain causal attention of the prefix, [P, H, E] and [P, KV, E] to [P, H · E]. */
    private Tensor attendPrefix(Tensor q, Tensor k, Tensor v) {
        long keyValueHeads = config.keyValueHeads();
        long groups = config.groupSize();
        Tensor queries =
                q.view(prefixRows, keyValueHeads, groups, config.headWidth()).permute(1, 2, 0, 3);
        Tensor share =
                queries.matmul(k.permute(1, 2, 0).unsqueeze(1)).add(prefixMask).softmax(-1); // [KV, G, P, P]
        return share.matmul(v.transpose(0, 1).unsqueeze(1))
                .permute(2, 0, 1, 3)
                .reshape(prefixRows, keyValueHeads * groups * config.headWidth());
    }

    /** Fills the last block of queries. */
    private Tensor padded(Tensor queries) {
        long missing = stream.queries() - streamRows;
        return missing == 0
                ? queries.contiguous()
                : torch.constant_pad_nd(queries, new long[] {0, 0, 0, 0, 0, missing}, new Scalar(0.0));
    }

    private Tensor prefixOf(Tensor x) {
        return x.narrow(0, 0, prefixRows);
    }

    private Tensor streamOf(Tensor x) {
        return x.narrow(0, prefixRows, streamRows);
    }

    private Keys streamOf(Keys keys) {
        return new Keys(streamOf(keys.k()), streamOf(keys.v()));
    }
}
