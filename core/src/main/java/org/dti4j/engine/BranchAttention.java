package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Tensors;

/**
 * Softmax attention of C branches of T rows each over keys that all of them share, those of the prefix (P) and of a context (R), and over O
 * keys of their own. What is seen, and what is taken off for distance, is a bias. No branch reads another.
 */
record BranchAttention(LlamaConfig config) {
    /**
     * What the branches read.
     *
     * @param prefix [KV, P, E]
     * @param context [KV, R, E]
     * @param ownK [C · O, KV, E], and ownV
     * @param bias broadcast to [KV, C, G, T, P + R + O]
     */
    record Read(Prefix prefix, Prefix context, Tensor ownK, Tensor ownV, Tensor bias) {
        /** The same keys for other queries. */
        Read with(Tensor otherBias) {
            return new Read(prefix, context, ownK, ownV, otherBias);
        }
    }

    /**
     * @param q [C · T, H, E], as the keys of context and branch meet it
     * @param qOfPrefix the same, as those of the prefix meet it
     * @param branches C
     * @return [C · T, H · E]
     */
    Tensor forward(Tensor q, Tensor qOfPrefix, Read read, long branches) {
        long rows = q.size(0) / branches;
        Tensor byHead = byHead(q, branches, rows);
        Tensor[] scores = {
            shared(byHead(qOfPrefix, branches, rows), read.prefix().k(), branches, rows),
            shared(byHead, read.context().k(), branches, rows),
            own(byHead, branches, rows).bmm(own(read.ownK(), branches).transpose(1, 2))
        };
        scores[2] = scores[2].view(heads(), branches, group(), rows, -1);
        Tensor share = Tensors.join(4, scores).add_(read.bias()).softmax(4);
        long prefix = read.prefix().rows();
        long context = read.context().rows();
        Tensor out = own(share.narrow(4, prefix + context, share.size(4) - prefix - context), branches, rows)
                .bmm(own(read.ownV(), branches))
                .view(heads(), branches * group() * rows, config.headWidth());
        add(out, share.narrow(4, 0, prefix), read.prefix().v());
        add(out, share.narrow(4, prefix, context), read.context().v());
        return out.view(heads(), branches, group(), rows, config.headWidth())
                .permute(1, 3, 0, 2, 4)
                .reshape(branches * rows, heads() * group() * config.headWidth());
    }

    /** [C · T, H, E] to [KV, C, G, T, E]. */
    private Tensor byHead(Tensor q, long branches, long rows) {
        return q.reshape(branches, rows, heads(), group(), config.headWidth())
                .permute(2, 0, 3, 1, 4)
                .contiguous();
    }

    /** Scores of keys that all branches share, [KV, C, G, T, keys]. */
    private Tensor shared(Tensor byHead, Tensor k, long branches, long rows) {
        return byHead.view(heads(), branches * group() * rows, config.headWidth())
                .bmm(k.transpose(1, 2))
                .view(heads(), branches, group(), rows, k.size(1));
    }

    private void add(Tensor out, Tensor share, Tensor v) {
        out.add_(share.reshape(heads(), out.size(1), v.size(1)).bmm(v));
    }

    /** [KV, C, G, T, x] to [KV · C, G · T, x]. */
    private Tensor own(Tensor byHead, long branches, long rows) {
        return byHead.reshape(heads() * branches, group() * rows, byHead.size(4));
    }

    /** [C · O, KV, E] to [KV · C, O, E]. */
    private Tensor own(Tensor keys, long branches) {
        long each = keys.size(0) / branches;
        return keys.reshape(branches, each, heads(), config.headWidth())
                .permute(2, 0, 1, 3)
                .reshape(heads() * branches, each, config.headWidth());
    }

    private long heads() {
        return config.keyValueHeads();
    }

    private long group() {
        return config.groupSize();
    }
}
