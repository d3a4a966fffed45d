package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Kernels;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention of rows in blocks over their windows and the prefix, and its backward pass. On a processor a few blocks of one head at a
 * time, so that their scores stay in the cache; on another device all at once, so that it has something to do. The backward pass computes
 * the scores again: reading them back from memory takes longer, and they would be more than half of all that a tape holds. R rows in B blocks
 * of M queries, W keys each besides the P of the prefix.
 */
final class StreamBlocks {
    /** Bytes of scores that are worked on at a time. */
    private static final long CACHE = 3 << 20;

    private final LlamaConfig config;
    private final Windows windows;
    private final KeyWindows keys;
    private final QueryBlocks queries;
    private final Tensor mask; // [B, M, P + W]
    private final long prefix; // P
    private final RowParts parts;
    private final long headsAtOnce;
    private final long step; // blocks at a time; all of them if several heads are
    private final List<Piece> pieces;

    StreamBlocks(LlamaConfig config, Windows windows, Tensor mask, RowParts parts) {
        this.config = config;
        this.windows = windows;
        this.mask = mask;
        this.parts = parts;
        prefix = mask.size(2) - windows.keys();
        keys = new KeyWindows(windows, config.keyValueHeads());
        queries = new QueryBlocks(config, windows.blocks(), windows.block());
        long bytes = mask.size(2) * config.groupSize() * windows.block() * mask.element_size();
        boolean cached = mask.is_cpu();
        headsAtOnce = cached ? 1 : config.keyValueHeads();
        long each = (windows.blocks() + parts.most() - 1L) / parts.most(); // so that each part finds as much to do
        step = cached ? Math.max(1, Math.min(each, CACHE / bytes)) : windows.blocks();
        pieces = pieces();
    }

    /** One part of the work: some neighbouring blocks of one head, or all blocks of all heads. */
    private record Piece(long head, long heads, long block, long blocks, long first) {
        /** Blocks of all its heads. */
        long count() {
            return heads * blocks;
        }
    }

    private List<Piece> pieces() {
        List<Piece> all = new ArrayList<>();
        for (long head = 0; head < config.keyValueHeads(); head += headsAtOnce) {
            for (long block = 0; block < windows.blocks(); block += step) {
                long blocks = Math.min(step, windows.blocks() - block);
                all.add(new Piece(head, headsAtOnce, block, blocks, head * windows.blocks() + block));
            }
        }
        return all;
    }

    private static void forEach(List<Piece> pieces, Consumer<Piece> work) {
        for (Piece piece : pieces) {
            try (Scope scope = Scope.open()) {
                work.accept(piece);
            }
        }
    }

    /**
     * What the rows read; of the backward pass, the sums of its gradients.
     *
     * @param k an array of {@link KeyWindows}, and v
     */
    record Read(Prefix prefix, Tensor k, Tensor v) {}

    /**
     * @param q [R, H, E], scaled and rotated
     * @param qOfPrefix [R, H, E], what meets prefix keys; null for the same
     * @return [R, H, E]
     */
    Tensor forward(Tensor q, @Nullable Tensor qOfPrefix, Read read) {
        Tensor blocks = queries.ofRows(q);
        Tensor prefixBlocks = qOfPrefix == null ? null : queries.ofRows(qOfPrefix);
        Tensor out = torch.empty_like(blocks);
        parts.divide(pieces.size(), (from, end) -> {
            Tensor shares = shares(blocks);
            forEach(pieces.subList(from, end), piece -> {
                Tensor share = shares.narrow(0, 0, piece.count());
                share(share, part(blocks, piece), prefixBlocks, keys(read, prefixBlocks == null, piece), read, piece);
                torch.bmm_out(part(out, piece), share, values(read, piece));
            });
        });
        return rows(out);
    }

    /** Room for the shares of one piece. */
    private Tensor shares(Tensor blocks) {
        return blocks.new_empty(headsAtOnce * step, blocks.size(1), mask.size(2));
    }

    private static Tensor part(Tensor all, Piece piece) {
        return all.narrow(0, piece.first(), piece.count());
    }

    /** What the queries of a piece meet; zeros for the prefix if other queries meet it. */
    private Tensor keys(Read read, boolean ofPrefixToo, Piece piece) {
        return seen(ofPrefixToo ? read.prefix().k() : null, read.k(), piece);
    }

    private Tensor values(Read read, Piece piece) {
        return seen(read.prefix().v(), read.v(), piece);
    }

    /** The prefix and the window of each block behind each other, [count, P + W, E]: products of parts of a matrix would copy them. */
    private Tensor seen(@Nullable Tensor ofPrefix, Tensor array, Piece piece) {
        Tensor all = array.new_empty(piece.count(), mask.size(2), array.size(1));
        Tensor byPrefix = all.view(piece.heads(), piece.blocks(), mask.size(2), array.size(1))
                .narrow(2, 0, prefix);
        if (ofPrefix == null) {
            byPrefix.zero_();
        } else {
            byPrefix.copy_(of(ofPrefix, piece).unsqueeze(1));
        }
        ofWindow(all).copy_(keys.of(array, piece.first(), piece.count()));
        return all;
    }

    /** softmax(q·k + mask), [count, G · M, P + W]. */
    private void share(Tensor share, Tensor q, @Nullable Tensor prefixBlocks, Tensor k, Read read, Piece piece) {
        share.view(piece.heads(), piece.blocks(), config.groupSize(), windows.block(), mask.size(2))
                .copy_(mask.narrow(0, piece.block(), piece.blocks()).unsqueeze(1));
        share.baddbmm_(q, k.transpose(1, 2));
        if (prefixBlocks != null) {
            Tensor scores = byHead(part(prefixBlocks, piece), piece)
                    .bmm(of(read.prefix().k(), piece).transpose(1, 2));
            share.narrow(2, 0, prefix).add_(scores.view(share.size(0), share.size(1), prefix));
        }
        torch.softmax_out(share, share, 2);
    }

    /** [count, G · M, x] to [heads, blocks · G · M, x]. */
    private static Tensor byHead(Tensor x, Piece piece) {
        return x.view(piece.heads(), piece.blocks() * x.size(1), x.size(2));
    }

    /** Gradients by the queries; the second null where one query met both kinds of keys. */
    record Gradients(Tensor q, @Nullable Tensor qOfPrefix) {}

    /**
     * @param dOut [R, H, E]
     * @param q as {@link #forward} read it, and qOfPrefix and read
     * @param sums what the gradients of that are added to
     */
    Gradients backward(Tensor dOut, Tensor q, @Nullable Tensor qOfPrefix, Read read, Read sums) {
        Tensor blocks = queries.ofRows(q);
        Tensor prefixBlocks = qOfPrefix == null ? null : queries.ofRows(qOfPrefix);
        Tensor dOutBlocks = queries.ofRows(dOut);
        Tensor shares = shares(blocks);
        Tensor dShares = shares(blocks);
        Tensor dq = torch.empty_like(blocks);
        Tensor dqOfPrefix = prefixBlocks == null ? null : torch.empty_like(blocks);
        forEach(pieces, piece -> {
            Tensor share = shares.narrow(0, 0, piece.count());
            Tensor ofPiece = part(blocks, piece);
            Tensor k = keys(read, prefixBlocks == null, piece);
            share(share, ofPiece, prefixBlocks, k, read, piece);
            Tensor dOutPart = part(dOutBlocks, piece);
            Tensor dShare = dShares.narrow(0, 0, piece.count());
            torch.bmm_out(dShare, dOutPart, values(read, piece).transpose(1, 2));
            Tensor dScore = Kernels.softmaxBackward(dShare, share);
            torch.bmm_out(part(dq, piece), dScore, k);
            add(sums.v(), sums.prefix().v(), share.transpose(1, 2).bmm(dOutPart), piece);
            Tensor dk = dScore.transpose(1, 2).bmm(ofPiece);
            if (prefixBlocks == null || dqOfPrefix == null) {
                add(sums.k(), sums.prefix().k(), dk, piece);
            } else {
                keys.add(sums.k(), ofWindow(dk), piece.first());
                Tensor dToPrefix = byHead(dScore, piece).narrow(2, 0, prefix);
                of(sums.prefix().k(), piece)
                        .add_(dToPrefix.transpose(1, 2).bmm(byHead(part(prefixBlocks, piece), piece)));
                torch.bmm_out(
                        byHead(part(dqOfPrefix, piece), piece),
                        dToPrefix,
                        of(read.prefix().k(), piece));
            }
        });
        return new Gradients(rows(dq), dqOfPrefix == null ? null : rows(dqOfPrefix));
    }

    /** Adds gradients by what the blocks see, [count, P + W, E], to the sums of windows and prefix. */
    private void add(Tensor sum, Tensor sumOfPrefix, Tensor gradient, Piece piece) {
        keys.add(sum, ofWindow(gradient), piece.first());
        Tensor ofPrefix = gradient.narrow(1, 0, prefix)
                .unflatten(0, piece.heads(), piece.blocks())
                .sum(new long[] {1}, false, new ScalarTypeOptional(ScalarType.Float));
        of(sumOfPrefix, piece).add_(ofPrefix);
    }

    /** Of what the blocks see, [count, P + W, E], the part in their windows. */
    private Tensor ofWindow(Tensor seen) {
        return seen.narrow(1, prefix, windows.keys());
    }

    private static Tensor of(Tensor byHead, Piece piece) {
        return byHead.narrow(0, piece.head(), piece.heads());
    }

    private Tensor rows(Tensor blocks) {
        return queries.toRows(blocks).narrow(0, 0, windows.rows());
    }
}
