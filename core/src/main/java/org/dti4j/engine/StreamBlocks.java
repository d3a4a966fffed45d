package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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
        Tensor prefixBlocks = qOfPrefix == null ? blocks : queries.ofRows(qOfPrefix);
        Tensor transposedKeys = KeyWindows.transposed(read.k());
        Tensor out = torch.empty_like(blocks);
        parts.divide(pieces.size(), (from, end) -> {
            Tensor shares = shares(blocks);
            forEach(pieces.subList(from, end), piece -> {
                Tensor share = shares.narrow(0, 0, piece.count());
                share(share, part(blocks, piece), part(prefixBlocks, piece), read.prefix(), transposedKeys, piece);
                mix(part(out, piece), share, read, piece);
            });
        });
        return queries.toRows(out).narrow(0, 0, windows.rows());
    }

    /** Room for the shares of one piece. */
    private Tensor shares(Tensor blocks) {
        return blocks.new_empty(headsAtOnce * step, blocks.size(1), mask.size(2));
    }

    private static Tensor part(Tensor all, Piece piece) {
        return all.narrow(0, piece.first(), piece.count());
    }

    /** softmax(q·k + mask), [count, G · M, P + W]. */
    private void share(Tensor share, Tensor q, Tensor qOfPrefix, Prefix ofPrefix, Tensor transposedKeys, Piece piece) {
        Tensor seen = mask.narrow(0, piece.block(), piece.blocks()).unsqueeze(1);
        share.view(piece.heads(), piece.blocks(), config.groupSize(), windows.block(), mask.size(2))
                .copy_(seen);
        if (prefix > 0) {
            Tensor scores = byHead(qOfPrefix, piece).bmm(of(ofPrefix.k(), piece).transpose(1, 2));
            share.narrow(2, 0, prefix).add_(scores.view(share.size(0), share.size(1), prefix));
        }
        share.narrow(2, prefix, windows.keys()).baddbmm_(q, transposedWindow(transposedKeys, piece));
        torch.softmax_out(share, share, 2);
    }

    /** Σ p v. */
    private void mix(Tensor out, Tensor share, Read read, Piece piece) {
        torch.bmm_out(out, share.narrow(2, prefix, windows.keys()), window(read.v(), piece));
        if (prefix > 0) {
            byHead(out, piece)
                    .baddbmm_(
                            byHead(share, piece).narrow(2, 0, prefix),
                            of(read.prefix().v(), piece));
        }
    }

    private Tensor window(Tensor array, Piece piece) {
        return keys.of(array, piece.first(), piece.count());
    }

    private Tensor transposedWindow(Tensor transposed, Piece piece) {
        return keys.ofTransposed(transposed, piece.first(), piece.count());
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
        boolean same = qOfPrefix == null;
        Tensor prefixBlocks = qOfPrefix == null ? blocks : queries.ofRows(qOfPrefix);
        Tensor dOutBlocks = queries.ofRows(dOut);
        Tensor transposedKeys = KeyWindows.transposed(read.k());
        Tensor transposedValues = KeyWindows.transposed(read.v());
        Tensor shares = shares(blocks);
        Tensor dq = torch.empty_like(blocks);
        Tensor dqOfPrefix = same ? dq : torch.zeros_like(blocks);
        forEach(pieces, piece -> {
            Tensor share = shares.narrow(0, 0, piece.count());
            share(share, part(blocks, piece), part(prefixBlocks, piece), read.prefix(), transposedKeys, piece);
            Tensor dOutPart = part(dOutBlocks, piece);
            Tensor dScore = scoreGradients(dOutPart, share, read.prefix(), transposedValues, piece);
            Tensor dWindow = dScore.narrow(2, prefix, windows.keys());
            Tensor ofWindow = share.narrow(2, prefix, windows.keys());
            keys.add(sums.v(), dOutPart.transpose(1, 2).bmm(ofWindow), piece.first());
            keys.add(sums.k(), part(blocks, piece).transpose(1, 2).bmm(dWindow), piece.first());
            torch.bmm_out(part(dq, piece), dWindow, window(read.k(), piece));
            if (prefix > 0) {
                Tensor dToPrefix = byHead(dScore, piece).narrow(2, 0, prefix);
                Tensor ofPrefix = byHead(share, piece).narrow(2, 0, prefix);
                Tensor queriesOfPrefix = byHead(part(prefixBlocks, piece), piece);
                of(sums.prefix().v(), piece).add_(ofPrefix.transpose(1, 2).bmm(byHead(dOutPart, piece)));
                of(sums.prefix().k(), piece).add_(dToPrefix.transpose(1, 2).bmm(queriesOfPrefix));
                byHead(part(dqOfPrefix, piece), piece)
                        .baddbmm_(dToPrefix, of(read.prefix().k(), piece));
            }
        });
        return new Gradients(rows(dq), same ? null : rows(dqOfPrefix));
    }

    private static Tensor of(Tensor byHead, Piece piece) {
        return byHead.narrow(0, piece.head(), piece.heads());
    }

    private Tensor rows(Tensor blocks) {
        return queries.toRows(blocks).narrow(0, 0, windows.rows());
    }

    /** Through Σ p v and the softmax, [count, G · M, P + W]. */
    private Tensor scoreGradients(Tensor dOut, Tensor share, Prefix ofPrefix, Tensor transposedValues, Piece piece) {
        Tensor dShare = torch.empty_like(share);
        torch.bmm_out(dShare.narrow(2, prefix, windows.keys()), dOut, transposedWindow(transposedValues, piece));
        if (prefix > 0) {
            Tensor toPrefix = byHead(dOut, piece).bmm(of(ofPrefix.v(), piece).transpose(1, 2));
            dShare.narrow(2, 0, prefix).copy_(toPrefix.view(share.size(0), share.size(1), prefix));
        }
        return Kernels.softmaxBackward(dShare, share);
    }
}
