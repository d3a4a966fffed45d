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
    private static final int CHUNK = 64;

    private final Method method;
    private final LlamaConfig config;
    private final int prefixRows;
    private final int streamRows;
    private final Rope rope; // [N]
    private final Rope prefixRope; // [P], prefix keys as queries outside the prefix see them
    private final Tensor prefixMask; // [P, P]
    private final BlockAttention stream;
    private final @Nullable Sums sums;

    /** How [SUM]s are computed apart from the stream. */
    private record Sums(BlockAttention blocks, Tensor queryIndex, Tensor slotIndex, Tensor rowIndex) {}

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
        sums = method.probes() ? sums(layout, BlockGrid.ofSums(layout, chunk), placement) : null;
    }

    private Sums sums(Layout layout, BlockGrid grid, Placement placement) {
        BlockBias bias = BlockBias.ofSums(layout, grid, config, placement);
        int[] queryRows = grid.queryRows();
        for (int i = 0; i < queryRows.length; i++) {
            queryRows[i] = Math.max(0, queryRows[i]);
        }
        return new Sums(
                new BlockAttention(layout, grid, bias, config, placement),
                placement.integers(queryRows, queryRows.length),
                placement.integers(grid.slots(), layout.targets()),
                placement.integers(layout.sumRows(), layout.targets()));
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
        Tensor scaled = q.mul(new Scalar(1 / Math.sqrt(config.headWidth())));
        Tensor rotated = rope.rotate(scaled);
        Keys rotatedKeys = new Keys(rope.rotate(k), v);
        Tensor forPrefix = method.prefixDistance() == null ? null : scaled;
        Keys prefix = new Keys(prefixRope.rotate(prefixOf(k)), prefixOf(v));
        Tensor ofPrefix = attendPrefix(prefixOf(rotated), prefixOf(rotatedKeys.k()), prefixOf(v));
        Tensor ofStream = attendStream(rotated, forPrefix, prefix, streamOf(rotatedKeys));
        Tensor out = Tensors.join(0, ofPrefix, ofStream);
        if (sums == null) {
            return out;
        }
        Tensor ofSums = switch (method.sumPosition()) {
            case ROPE -> {
                Keys initialKeys = initial == null ? null : new Keys(rope.rotate(initial.k()), initial.v());
                yield attendSums(sums, rotated, forPrefix, prefix, rotatedKeys, initialKeys);
            }
            case ALIBI -> {
                Keys initialKeys = initial == null ? null : new Keys(initial.k(), initial.v());
                Keys plain = new Keys(k, v);
                yield attendSums(sums, scaled, null, new Keys(prefixOf(k), prefixOf(v)), plain, initialKeys);
            }
        };
        return method.sumHidden() ? Tensors.join(0, out, ofSums) : out.index_copy(0, sums.rowIndex(), ofSums);
    }

    private Tensor attendSums(
            Sums sums, Tensor ofStream, @Nullable Tensor ofPrefix, Keys prefix, Keys all, @Nullable Keys initial) {
        Tensor queries = ofStream.index_select(0, sums.queryIndex());
        Tensor toPrefix = ofPrefix == null ? null : ofPrefix.index_select(0, sums.queryIndex());
        Keys self = method.sumHidden()
                ? new Keys(all.k().index_select(0, sums.queryIndex()), all.v().index_select(0, sums.queryIndex()))
                : null;
        Keys initialStream = initial == null ? null : streamOf(initial);
        return sums.blocks()
                .attend(new Queries(queries, toPrefix), prefix, streamOf(all), initialStream, self)
                .index_select(0, sums.slotIndex());
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
