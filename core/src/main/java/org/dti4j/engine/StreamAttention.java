package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Kernels;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Windowed causal attention of prefix and stream rows (docs/method.md section 3), with its backward pass. A few blocks at a time, so that
 * their scores stay in the cache. R rows in B blocks of M queries, W keys each besides the P of the prefix.
 */
final class StreamAttention {
    /** Bytes of scores that are worked on at a time. */
    private static final long CACHE = 3 << 19;

    private final LlamaConfig config;
    private final Windows windows;
    private final KeyWindows keys;
    private final QueryBlocks queries;
    private final Tensor mask; // [B, M, P + W]
    private final long prefix; // P
    private final long step; // blocks at a time

    StreamAttention(LlamaConfig config, Windows windows, Tensor mask) {
        this.config = config;
        this.windows = windows;
        this.mask = mask;
        prefix = mask.size(2) - windows.keys();
        keys = new KeyWindows(windows, config.keyValueHeads());
        queries = new QueryBlocks(config, windows.blocks(), windows.block());
        long bytes = mask.size(2) * config.groupSize() * windows.block() * mask.element_size();
        step = Math.max(1, Math.min(windows.blocks(), CACHE / bytes));
    }

    /** One part of the work: some neighbouring blocks of one head. */
    private record Piece(long head, long block, long first, long count) {}

    @FunctionalInterface
    private interface Work {
        void on(Piece piece);
    }

    private void forEachPiece(Work work) {
        for (long head = 0; head < config.keyValueHeads(); head++) {
            for (long block = 0; block < windows.blocks(); block += step) {
                long count = Math.min(step, windows.blocks() - block);
                try (Scope scope = Scope.open()) {
                    work.on(new Piece(head, block, head * windows.blocks() + block, count));
                }
            }
        }
    }

    /**
     * @param q [R, H, E], scaled and rotated
     * @param qOfPrefix [R, H, E], what meets prefix keys; null for the same
     * @param k an array of {@link KeyWindows}, rotated
     * @param v an array of {@link KeyWindows}
     * @return [R, H, E]
     */
    Tensor forward(Tensor q, @Nullable Tensor qOfPrefix, Prefix ofPrefix, Tensor k, Tensor v, Tape tape) {
        Tensor blocks = queries.ofRows(q);
        Tensor prefixBlocks = qOfPrefix == null ? blocks : queries.ofRows(qOfPrefix);
        Tensor out = torch.empty_like(blocks);
        Tensor shares = tape.records() ? q.new_empty(blocks.size(0), blocks.size(1), mask.size(2)) : q.new_empty(0);
        forEachPiece(piece -> {
            Tensor share =
                    tape.records() ? part(shares, piece) : q.new_empty(piece.count(), blocks.size(1), mask.size(2));
            share(share, part(blocks, piece), part(prefixBlocks, piece), ofPrefix, k, piece);
            mix(part(out, piece), share, ofPrefix, v, piece);
        });
        tape.save(blocks);
        tape.save(prefixBlocks);
        tape.save(shares);
        return queries.toRows(out).narrow(0, 0, windows.rows());
    }

    private static Tensor part(Tensor all, Piece piece) {
        return all.narrow(0, piece.first(), piece.count());
    }

    /** softmax(q·k + mask), [count, G · M, P + W]. */
    private void share(Tensor share, Tensor q, Tensor qOfPrefix, Prefix ofPrefix, Tensor k, Piece piece) {
        Tensor seen = mask.narrow(0, piece.block(), piece.count()).unsqueeze(1);
        share.view(piece.count(), config.groupSize(), windows.block(), mask.size(2))
                .copy_(seen);
        if (prefix > 0) {
            Tensor scores =
                    flat(qOfPrefix).mm(ofPrefix.k().select(0, piece.head()).t());
            share.narrow(2, 0, prefix).add_(scores.view(share.size(0), share.size(1), prefix));
        }
        share.narrow(2, prefix, windows.keys()).baddbmm_(q, window(k, piece).transpose(1, 2));
        torch.softmax_out(share, share, 2);
    }

    /** Σ p v. */
    private void mix(Tensor out, Tensor share, Prefix ofPrefix, Tensor v, Piece piece) {
        torch.bmm_out(out, share.narrow(2, prefix, windows.keys()), window(v, piece));
        if (prefix > 0) {
            flat(out).addmm_(flat(share).narrow(1, 0, prefix), ofPrefix.v().select(0, piece.head()));
        }
    }

    private Tensor window(Tensor array, Piece piece) {
        return keys.of(array, piece.first(), piece.count());
    }

    /** [count, G · M, x] to [count · G · M, x]. */
    private static Tensor flat(Tensor x) {
        return x.view(x.size(0) * x.size(1), x.size(2));
    }

    /** What the backward pass finds: gradients of its inputs; those of prefix, keys and values are added to sums. */
    record Gradients(Tensor q, @Nullable Tensor qOfPrefix) {}

    /**
     * @param dOut [R, H, E]
     * @param dPrefix sums of the gradients of the prefix's keys and values
     * @param dk sum of the gradients of the array k
     * @param dv sum of the gradients of the array v
     * @return [R, H, E] each; the second null where one query met both kinds of keys
     */
    Gradients backward(
            Tensor dOut, Prefix ofPrefix, Prefix dPrefix, Tensor k, Tensor v, Tensor dk, Tensor dv, Tape tape) {
        Tensor shares = tape.take();
        Tensor prefixBlocks = tape.take();
        Tensor blocks = tape.take();
        boolean same = blocks.is_same(prefixBlocks);
        Tensor dOutBlocks = queries.ofRows(dOut);
        Tensor dq = torch.empty_like(blocks);
        Tensor dqOfPrefix = same ? dq : torch.empty_like(blocks);
        forEachPiece(piece -> {
            Tensor dOutPart = part(dOutBlocks, piece);
            Tensor share = part(shares, piece);
            Tensor dScore = scoreGradients(dOutPart, share, ofPrefix, v, piece);
            Tensor dWindow = dScore.narrow(2, prefix, windows.keys());
            keys.add(dv, dOutPart.transpose(1, 2).bmm(share.narrow(2, prefix, windows.keys())), piece.first());
            keys.add(dk, part(blocks, piece).transpose(1, 2).bmm(dWindow), piece.first());
            torch.bmm_out(part(dq, piece), dWindow, window(k, piece));
            if (prefix > 0) {
                Tensor dToPrefix = flat(dScore).narrow(1, 0, prefix);
                Tensor shareOfPrefix = flat(share).narrow(1, 0, prefix);
                dPrefix.v().select(0, piece.head()).add_(shareOfPrefix.t().mm(flat(dOutPart)));
                dPrefix.k().select(0, piece.head()).add_(dToPrefix.t().mm(flat(part(prefixBlocks, piece))));
                Tensor prefixKeys = ofPrefix.k().select(0, piece.head());
                if (same) {
                    flat(part(dq, piece)).addmm_(dToPrefix, prefixKeys);
                } else {
                    torch.mm_out(flat(part(dqOfPrefix, piece)), dToPrefix, prefixKeys);
                }
            } else if (!same) {
                part(dqOfPrefix, piece).zero_();
            }
        });
        return new Gradients(rows(dq), same ? null : rows(dqOfPrefix));
    }

    private Tensor rows(Tensor blocks) {
        return queries.toRows(blocks).narrow(0, 0, windows.rows());
    }

    /** Through Σ p v and the softmax, [count, G · M, P + W]. */
    private Tensor scoreGradients(Tensor dOut, Tensor share, Prefix ofPrefix, Tensor v, Piece piece) {
        Tensor dShare = torch.empty_like(share);
        torch.bmm_out(
                dShare.narrow(2, prefix, windows.keys()), dOut, window(v, piece).transpose(1, 2));
        if (prefix > 0) {
            Tensor toPrefix = flat(dOut).mm(ofPrefix.v().select(0, piece.head()).t());
            dShare.narrow(2, 0, prefix).copy_(toPrefix.view(share.size(0), share.size(1), prefix));
        }
        return Kernels.softmaxBackward(dShare, share);
    }
}
