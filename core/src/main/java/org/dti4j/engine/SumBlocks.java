package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention of [SUM]s over the prefix, the windows of their blocks, and perhaps themselves, with distance penalty and hidden-state
 * reset as the method has them (docs/method.md sections 3 and 4), and its backward pass. S [SUM]s, at most M of them in each of B blocks.
 */
final class SumBlocks {
    private final LlamaConfig config;
    private final Windows windows;
    private final KeyWindows keys;
    private final QueryBlocks queries;
    private final Tensor places; // [S], of B · M
    private final SumMask mask;
    private final long prefix; // P
    private final long all; // blocks of all heads, KV · B

    SumBlocks(LlamaConfig config, Windows windows, Tensor places, SumMask mask, long prefix) {
        this.config = config;
        this.windows = windows;
        this.places = places;
        this.mask = mask;
        this.prefix = prefix;
        keys = new KeyWindows(windows, config.keyValueHeads());
        queries = new QueryBlocks(config, windows.blocks(), windows.sumsPerBlock());
        all = (long) config.keyValueHeads() * windows.blocks();
    }

    /**
     * What [SUM]s read; of the backward pass, the sums of its gradients.
     *
     * @param k array of {@link KeyWindows}, and v
     * @param initialK the same of initial states, null without reset; and initialV
     * @param ownK [S, KV, E], their own keys, null where those stand in the windows; and ownV
     */
    record Read(
            Prefix prefix,
            Tensor k,
            Tensor v,
            @Nullable Tensor initialK,
            @Nullable Tensor initialV,
            @Nullable Tensor ownK,
            @Nullable Tensor ownV) {}

    /**
     * @param q [S, H, E], scaled, and rotated if the method rotates them
     * @param qOfPrefix [S, H, E], what meets prefix keys; null for the same
     * @return [S, H, E]
     */
    Tensor forward(Tensor q, @Nullable Tensor qOfPrefix, Read read, Tape tape) {
        Tensor blocks = queries.ofPlaces(q, places);
        Tensor prefixBlocks = qOfPrefix == null ? blocks : queries.ofPlaces(qOfPrefix, places);
        Tensor share = scores(blocks, prefixBlocks, read).softmax(2); // [KV · B, G · M, P + W (+ 1)]
        Tensor ofWindow = share.narrow(2, prefix, windows.keys());
        Tensor alpha = mask.alpha();
        Tensor out;
        if (alpha == null || read.initialV() == null) {
            out = ofWindow.bmm(window(read.v()));
        } else {
            Tensor ofInitial = timesAlpha(ofWindow, alpha);
            out = ofWindow.sub(ofInitial).bmm(window(read.v())).add_(ofInitial.bmm(window(read.initialV())));
        }
        byHead(out).baddbmm_(byHead(share.narrow(2, 0, prefix)), read.prefix().v());
        if (read.ownV() != null) {
            grouped(out).addcmul_(grouped(own(share)), places(read.ownV()));
        }
        tape.save(blocks);
        tape.save(prefixBlocks);
        tape.save(share);
        return atPlaces(queries.toRows(out));
    }

    private Tensor scores(Tensor q, Tensor qOfPrefix, Read read) {
        Tensor additive = mask.additive();
        Tensor scores = q.new_empty(q.size(0), q.size(1), additive.size(4));
        grouped(scores).copy_(additive);
        Tensor toPrefix = byHead(qOfPrefix).bmm(read.prefix().k().transpose(1, 2));
        scores.narrow(2, 0, prefix).add_(toPrefix.view(q.size(0), q.size(1), prefix));
        Tensor toWindow = q.bmm(window(read.k()).transpose(1, 2));
        Tensor alpha = mask.alpha();
        if (alpha != null && read.initialK() != null) {
            Tensor toInitial = q.bmm(window(read.initialK()).transpose(1, 2));
            toWindow = torch.lerp(grouped(toWindow), grouped(toInitial), alpha).view(q.size(0), q.size(1), -1);
        }
        scores.narrow(2, prefix, windows.keys()).add_(toWindow);
        if (read.ownK() != null) {
            Tensor toItself = grouped(q).mul(places(read.ownK())).sum(new long[] {4}, true, null);
            grouped(own(scores)).add_(toItself);
        }
        return scores;
    }

    /** Gradients by q, by qOfPrefix (null where it was q), and by the own keys and values, [S, ·, E]. */
    record Gradients(
            Tensor q,
            @Nullable Tensor qOfPrefix,
            @Nullable Tensor ownK,
            @Nullable Tensor ownV) {}

    /**
     * @param dOut [S, H, E]
     * @param read what {@link #forward} read
     * @param sums what its gradients are added to; its own keys and values are not used
     */
    Gradients backward(Tensor dOut, Read read, Read sums, Tape tape) {
        Tensor share = tape.take();
        Tensor prefixBlocks = tape.take();
        Tensor q = tape.take();
        Tensor dOutBlocks = queries.ofPlaces(dOut, places);
        Tensor dScore = Kernels.softmaxBackward(shareGradients(dOutBlocks, share, read), share);
        addValueGradients(dOutBlocks, share, sums);
        Tensor dq = windowBackward(q, dScore.narrow(2, prefix, windows.keys()), read, sums);
        Tensor dToPrefix = byHead(dScore.narrow(2, 0, prefix));
        sums.prefix().k().add_(dToPrefix.transpose(1, 2).bmm(byHead(prefixBlocks)));
        Tensor dqOfPrefix = dToPrefix.bmm(read.prefix().k()).view(q.size(0), q.size(1), q.size(2));
        boolean same = q.is_same(prefixBlocks);
        if (same) {
            dq.add_(dqOfPrefix);
        }
        Tensor dOwnK = null;
        Tensor dOwnV = null;
        if (read.ownK() != null && read.ownV() != null) {
            Tensor dToItself = grouped(own(dScore));
            grouped(dq).addcmul_(dToItself, places(read.ownK()));
            dOwnK = ofOwn(grouped(q).mul(dToItself));
            dOwnV = ofOwn(grouped(dOutBlocks).mul(grouped(own(share))));
        }
        Tensor ofPrefix = same ? null : atPlaces(queries.toRows(dqOfPrefix));
        return new Gradients(atPlaces(queries.toRows(dq)), ofPrefix, dOwnK, dOwnV);
    }

    /** Through Σ p v. */
    private Tensor shareGradients(Tensor dOut, Tensor share, Read read) {
        Tensor dShare = torch.empty_like(share);
        Tensor toWindow = dOut.bmm(window(read.v()).transpose(1, 2));
        Tensor alpha = mask.alpha();
        if (alpha != null && read.initialV() != null) {
            Tensor toInitial = dOut.bmm(window(read.initialV()).transpose(1, 2));
            toWindow = torch.lerp(grouped(toWindow), grouped(toInitial), alpha).view(dOut.size(0), dOut.size(1), -1);
        }
        dShare.narrow(2, prefix, windows.keys()).copy_(toWindow);
        Tensor toPrefix = byHead(dOut).bmm(read.prefix().v().transpose(1, 2));
        dShare.narrow(2, 0, prefix).copy_(toPrefix.view(dOut.size(0), dOut.size(1), prefix));
        if (read.ownV() != null) {
            Tensor toItself = grouped(dOut).mul(places(read.ownV())).sum(new long[] {4}, true, null);
            grouped(own(dShare)).copy_(toItself);
        }
        return dShare;
    }

    private void addValueGradients(Tensor dOut, Tensor share, Read sums) {
        Tensor ofWindow = share.narrow(2, prefix, windows.keys());
        Tensor alpha = mask.alpha();
        if (alpha != null && sums.initialV() != null) {
            Tensor ofInitial = timesAlpha(ofWindow, alpha);
            keys.add(sums.initialV(), ofInitial.transpose(1, 2).bmm(dOut), 0);
            ofWindow = ofWindow.sub(ofInitial);
        }
        keys.add(sums.v(), ofWindow.transpose(1, 2).bmm(dOut), 0);
        sums.prefix()
                .v()
                .add_(byHead(share.narrow(2, 0, prefix)).transpose(1, 2).bmm(byHead(dOut)));
    }

    /** Through q·k of the windows. */
    private Tensor windowBackward(Tensor q, Tensor dScore, Read read, Read sums) {
        Tensor alpha = mask.alpha();
        if (alpha == null || read.initialK() == null || sums.initialK() == null) {
            keys.add(sums.k(), dScore.transpose(1, 2).bmm(q), 0);
            return dScore.bmm(window(read.k()));
        }
        Tensor ofInitial = timesAlpha(dScore, alpha);
        Tensor kept = dScore.sub(ofInitial);
        keys.add(sums.initialK(), ofInitial.transpose(1, 2).bmm(q), 0);
        keys.add(sums.k(), kept.transpose(1, 2).bmm(q), 0);
        return kept.bmm(window(read.k())).add_(ofInitial.bmm(window(read.initialK())));
    }

    private Tensor timesAlpha(Tensor x, Tensor alpha) {
        return grouped(x).mul(alpha).view(x.size(0), x.size(1), x.size(2));
    }

    private Tensor window(Tensor array) {
        return keys.of(array, 0, all);
    }

    /** [KV · B, G · M, x] seen as [KV, B, G, M, x]. */
    private Tensor grouped(Tensor x) {
        return x.unflatten(1, config.groupSize(), windows.sumsPerBlock())
                .unflatten(0, config.keyValueHeads(), windows.blocks());
    }

    /** [KV · B, G · M, x] to [KV, B · G · M, x]. */
    private Tensor byHead(Tensor x) {
        return x.reshape(config.keyValueHeads(), x.size(0) / config.keyValueHeads() * x.size(1), x.size(2));
    }

    /** The column of the [SUM]s themselves, the last. */
    private static Tensor own(Tensor scores) {
        return scores.narrow(2, scores.size(2) - 1, 1);
    }

    /** [S, KV, E] to [KV, B, 1, M, E]. */
    private Tensor places(Tensor rows) {
        return rows.new_zeros((long) windows.blocks() * windows.sumsPerBlock(), rows.size(1), rows.size(2))
                .index_copy_(0, places, rows)
                .view(windows.blocks(), windows.sumsPerBlock(), rows.size(1), rows.size(2))
                .permute(2, 0, 1, 3)
                .unsqueeze(2);
    }

    /** [KV, B, G, M, E], summed over the heads that share a key, to [S, KV, E]. */
    private Tensor ofOwn(Tensor gradient) {
        Tensor rows = gradient.sum(2)
                .permute(1, 2, 0, 3)
                .reshape((long) windows.blocks() * windows.sumsPerBlock(), config.keyValueHeads(), config.headWidth());
        return atPlaces(rows);
    }

    private Tensor atPlaces(Tensor rows) {
        return rows.index_select(0, places);
    }
}
