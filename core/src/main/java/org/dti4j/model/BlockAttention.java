package org.dti4j.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.BlockGrid;
import org.dti4j.method.Layout;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Attention of queries in blocks: each over the prefix, the stream rows of its block's chunks, and perhaps itself, under one softmax.
 * B blocks of M queries, W keys each, over P prefix keys.
 */
final class BlockAttention {
    private final LlamaConfig config;
    private final BlockGrid grid;
    private final int streamRows;
    private final Tensor chunkIndex; // [KV · B · chunks per block]
    private final BlockBias bias;

    BlockAttention(Layout layout, BlockGrid grid, BlockBias bias, LlamaConfig config, Placement placement) {
        this.config = config;
        this.grid = grid;
        this.streamRows = layout.streamRows();
        this.bias = bias;
        int[] chunks = grid.keyChunks();
        int[] all = new int[config.keyValueHeads() * chunks.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = i / chunks.length * chunks() + Math.max(0, chunks[i % chunks.length]);
        }
        chunkIndex = placement.integers(all, all.length);
    }

    /** B · M. */
    long queries() {
        return (long) grid.blocks() * grid.queriesPerBlock();
    }

    /** Keys and values, [rows, KV, E] each. */
    record Keys(Tensor k, Tensor v) {}

    /** Queries [B · M, H, E], scaled, that meet stream keys and their own; and those that meet prefix keys, null for the same. */
    record Queries(Tensor ofStream, @Nullable Tensor ofPrefix) {}

    /**
     * @param initial the stream's initial keys and values, if the bias mixes them in
     * @param self the queries' own keys and values [B · M, KV, E], if nothing else holds them
     * @return [B · M, H · E]
     */
    Tensor attend(Queries queries, Keys prefix, Keys stream, @Nullable Keys initial, @Nullable Keys self) {
        Tensor q = blocks(queries.ofStream());
        Tensor qOfPrefix = queries.ofPrefix() == null ? q : blocks(queries.ofPrefix());
        Tensor[] scores = self == null ? new Tensor[2] : new Tensor[3];
        scores[0] = grouped(flat(qOfPrefix).bmm(prefix.k().permute(1, 2, 0)));
        scores[1] = windowScores(q, stream, initial);
        if (self != null) {
            scores[2] = grouped(q).mul(own(self.k())).sum(new long[] {4}, true, null);
        }
        Tensor share = Tensors.join(4, scores).add(bias.additive()).softmax(4); // [KV, B, G, M, P + W (+ 1)]
        long p = prefix.k().size(0);
        Tensor out = flat(share.narrow(4, 0, p)).bmm(prefix.v().transpose(0, 1)).view(q.size(0), q.size(1), q.size(2));
        out = out.add(windowValues(share.narrow(4, p, grid.keysPerBlock()), stream, initial));
        Tensor grouped = grouped(out);
        if (self != null) {
            grouped = grouped.add(share.narrow(4, p + grid.keysPerBlock(), 1).mul(own(self.v())));
        }
        return grouped.permute(1, 3, 0, 2, 4).reshape(queries(), (long) config.heads() * config.headWidth());
    }

    /** q·k, or (1 - alpha) q·k + alpha q·k⁰ (section 4); [KV, B, G, M, W]. */
    private Tensor windowScores(Tensor q, Keys stream, @Nullable Keys initial) {
        Tensor score = grouped(q.bmm(chunks(stream.k()).transpose(1, 2)));
        Tensor alpha = bias.alpha();
        if (alpha == null || initial == null) {
            return score;
        }
        Tensor ofInitial = grouped(q.bmm(chunks(initial.k()).transpose(1, 2)));
        return torch.lerp(score, ofInitial, alpha);
    }

    /** Σ p v, or Σ p ((1 - alpha) v + alpha v⁰) (section 4); [KV · B, G · M, E]. */
    private Tensor windowValues(Tensor share, Keys stream, @Nullable Keys initial) {
        Tensor alpha = bias.alpha();
        if (alpha == null || initial == null) {
            return batched(share).bmm(chunks(stream.v()));
        }
        Tensor ofInitial = share.mul(alpha);
        return batched(share.sub(ofInitial))
                .bmm(chunks(stream.v()))
                .add(batched(ofInitial).bmm(chunks(initial.v())));
    }

    /** [B · M, H, E] to [KV · B, G · M, E]. */
    private Tensor blocks(Tensor queries) {
        return queries.view(
                        grid.blocks(),
                        grid.queriesPerBlock(),
                        config.keyValueHeads(),
                        config.groupSize(),
                        config.headWidth())
                .permute(2, 0, 3, 1, 4)
                .reshape(
                        (long) config.keyValueHeads() * grid.blocks(),
                        (long) config.groupSize() * grid.queriesPerBlock(),
                        config.headWidth());
    }

    /** [KV · B, G · M, x] to [KV, B, G, M, x], also from [KV, B · G · M, x]. */
    private Tensor grouped(Tensor x) {
        return x.view(config.keyValueHeads(), grid.blocks(), config.groupSize(), grid.queriesPerBlock(), x.size(2));
    }

    /** [KV, B, G, M, x] to [KV · B, G · M, x]. */
    private Tensor batched(Tensor x) {
        return x.reshape(
                (long) config.keyValueHeads() * grid.blocks(),
                (long) config.groupSize() * grid.queriesPerBlock(),
                x.size(4));
    }

    /** To [KV, B · G · M, x]. */
    private Tensor flat(Tensor x) {
        return x.reshape(
                config.keyValueHeads(),
                (long) grid.blocks() * config.groupSize() * grid.queriesPerBlock(),
                x.size(x.dim() - 1));
    }

    /** [B · M, KV, E] to [KV, B, 1, M, E]. */
    private Tensor own(Tensor states) {
        return states.view(grid.blocks(), grid.queriesPerBlock(), config.keyValueHeads(), config.headWidth())
                .permute(2, 0, 1, 3)
                .unsqueeze(2);
    }

    /** Stream rows [T, KV, E] to the keys of each block [KV · B, W, E]. */
    private Tensor chunks(Tensor states) {
        long missing = (long) chunks() * grid.chunk() - streamRows;
        Tensor byHead = states.transpose(0, 1);
        Tensor padded =
                missing == 0 ? byHead : torch.constant_pad_nd(byHead, new long[] {0, 0, 0, missing}, new Scalar(0.0));
        Tensor rows =
                padded.reshape((long) config.keyValueHeads() * chunks(), (long) grid.chunk() * config.headWidth());
        return torch.embedding(rows, chunkIndex)
                .view((long) config.keyValueHeads() * grid.blocks(), grid.keysPerBlock(), config.headWidth());
    }

    private int chunks() {
        return (streamRows + grid.chunk() - 1) / grid.chunk();
    }
}
