package org.dti4j.method;

import org.dti4j.problem.Problems;

/**
 * What training costs for one target: forward and backward, in floating-point operations, by Eq. 3 of the paper (METHOD.md section
 * 2) and by an exact count of what METHOD.md section 3 computes. All interactions are equally long and every target has a full
 * context.
 *
 * @param context n
 * @param targets k, of one stream
 * @param tokensPerInteraction c
 * @param prefixTokens P, of BOS and instruction
 */
public record Flops(int context, int targets, int tokensPerInteraction, int prefixTokens) {
    /** The ways to lay out and to see whose costs differ. */
    public enum Paradigm {
        SLIDING_WINDOW,
        DTI_MINUS,
        DTI,
        DTI_ROPE,
        DTI_ISOLATED
    }

    public Flops {
        Problems.in("flops")
                .require(context >= 1, "context", context, ">= 1")
                .require(targets >= 1, "targets", targets, ">= 1")
                .require(tokensPerInteraction >= 1, "tokensPerInteraction", tokensPerInteraction, ">= 1")
                .require(prefixTokens >= 0, "prefixTokens", prefixTokens, ">= 0")
                .throwIfAny();
    }

    /** How many times cheaper streaming is by Eq. 3: k·N / (N + K) = k·n / (n + k). */
    public double reduction() {
        return (double) targets * context / (context + targets);
    }

    /** Eq. 3 for one target: 2L·(N²d + Nd²) by sliding window, 2L·((N + K)·Nd + (N + K)·d²) / k by streaming. */
    public double equation3(Paradigm paradigm, ModelShape shape) {
        double window = (double) context * tokensPerInteraction;
        double width = shape.width();
        double tokens = paradigm == Paradigm.SLIDING_WINDOW
                ? window
                : (window + (double) targets * tokensPerInteraction) / targets;
        return 2.0 * shape.layers() * tokens * (window * width + width * width);
    }

    /** Tokens of one prompt, [SUM]s included. */
    public long tokens(Paradigm paradigm) {
        long held = targetsOf(paradigm);
        return prefixTokens + (context + held) * tokensPerInteraction + held;
    }

    /** Targets of one prompt. */
    public long targetsOf(Paradigm paradigm) {
        return paradigm == Paradigm.SLIDING_WINDOW ? 1 : targets;
    }

    /**
     * The exact count for one target. A multiplication with its addition counts as two; norms, softmax and activations, which are
     * below a percent, as none. Backward costs twice forward; where weights are frozen and carry adapters, once, and the adapters
     * cost three times their forward pass. For the reset, every token's first keys and values are projected once more, as if
     * no id occurred twice.
     */
    public double exact(Paradigm paradigm, ModelShape shape) {
        double tokens = tokens(paradigm);
        double frozenOrTrained = shape.adapterRank() > 0 ? 2 : 3;
        double perLayer = frozenOrTrained * 2 * tokens * shape.layerWeights()
                + 3 * 2 * tokens * shape.adapterWeights()
                + 3 * 4.0 * shape.heads() * shape.headWidth() * scoredPairs(paradigm);
        if (paradigm == Paradigm.DTI) {
            double projected = (double) (context + targets) * tokensPerInteraction;
            perLayer += frozenOrTrained * 2 * projected * shape.keyValueWeights();
        }
        double head = frozenOrTrained * 2 * (double) shape.width() * shape.vocabulary() * targetsOf(paradigm);
        return (shape.layers() * perLayer + head) / targetsOf(paradigm);
    }

    /** How many times cheaper than the sliding window a paradigm is by the exact count. */
    public double exactReduction(Paradigm paradigm, ModelShape shape) {
        return exact(Paradigm.SLIDING_WINDOW, shape) / exact(paradigm, shape);
    }

    /** Query-key pairs of one prompt that get a score; with the reset, a pair of a [SUM] and a context token gets two. */
    long scoredPairs(Paradigm paradigm) {
        long prefix = prefixTokens * (prefixTokens + 1L) / 2;
        if (paradigm == Paradigm.SLIDING_WINDOW) {
            long tokens = tokens(paradigm);
            return tokens * (tokens + 1) / 2;
        }
        long pairs = prefix;
        for (int interaction = 0; interaction < context + targets; interaction++) {
            pairs += itemPairs(paradigm, interaction);
            if (interaction >= context) {
                pairs += sumPairs(paradigm, interaction);
            }
        }
        return pairs;
    }

    /** What the item tokens of one interaction see: prefix, window, and their own interaction up to themselves. */
    private long itemPairs(Paradigm paradigm, int interaction) {
        long length = tokensPerInteraction;
        long others = paradigm == Paradigm.DTI_ISOLATED ? 0 : Math.min(interaction, context) * length;
        return length * (visiblePrefix(paradigm, interaction) + others + visibleSums(paradigm, interaction))
                + length * (length + 1) / 2;
    }

    /** What one [SUM] sees: prefix, the context, its own item, itself. */
    private long sumPairs(Paradigm paradigm, int interaction) {
        long window = (long) context * tokensPerInteraction;
        long twice = paradigm == Paradigm.DTI ? window : 0;
        return visiblePrefix(paradigm, interaction)
                + window
                + twice
                + tokensPerInteraction
                + visibleSums(paradigm, interaction)
                + 1;
    }

    /** Without a place of its own, the prefix falls out of the window after the first target. */
    private long visiblePrefix(Paradigm paradigm, int interaction) {
        return paradigm == Paradigm.DTI_MINUS && interaction > context ? 0 : prefixTokens;
    }

    /** Earlier [SUM]s in the window, where they are not hidden. */
    private long visibleSums(Paradigm paradigm, int interaction) {
        return paradigm == Paradigm.DTI_MINUS ? Math.max(0, interaction - Math.max(context, interaction - context)) : 0;
    }
}
