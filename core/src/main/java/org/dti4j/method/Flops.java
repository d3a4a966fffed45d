package org.dti4j.method;

import java.util.Arrays;
import java.util.List;
import org.dti4j.problem.Problems;
import org.dti4j.prompt.Prompt;

/**
 * What training costs, forward and backward, in floating-point operations: by Eq. 3 of the paper (docs/method.md section 2), and by
 * counting what a layout makes the model compute (section 3).
 */
public final class Flops {
    /** Longer prompts than any machine takes, and short enough to be laid out. */
    private static final int MOST_TOKENS = 2_000_000;

    private Flops() {}

    /** How many times cheaper streaming is than the sliding window by Eq. 3: k·N / (N + K) = k·n / (n + k). */
    public static double reduction(int context, int targets) {
        check(context, targets, 1, 0);
        return (double) targets * context / ((double) context + targets);
    }

    /**
     * Eq. 3 for one target: 2L·(N²d + Nd²) by sliding window, 2L·((N + K)·Nd + (N + K)·d²) / k by streaming, with N = n·c and K
     * = k·c.
     *
     * @param context n
     * @param targets k, of one stream; 0 for the sliding window
     * @param tokensPerInteraction c
     */
    public static double equation3(int context, int targets, int tokensPerInteraction, ModelShape shape) {
        check(context, Math.max(targets, 1), tokensPerInteraction, 0);
        double window = (double) context * tokensPerInteraction;
        double stream = (double) targets * tokensPerInteraction;
        double width = shape.width();
        double tokensPerTarget = targets == 0 ? window : (window + stream) / targets;
        return 2.0 * shape.layers() * tokensPerTarget * (window * width + width * width);
    }

    /** One prompt of the method, with a full context and {@code method.targets()} targets, all interactions equally long. */
    public static Layout typical(Method method, int tokensPerInteraction, int prefixTokens) {
        int targets = method.targets().count();
        Problems.in("method")
                .require(!method.targets().equals(Targets.ALL), "targets", "all", "a number to count for")
                .throwIfAny();
        check(method.context(), targets, tokensPerInteraction, prefixTokens);
        long tokens = ((long) method.context() + targets) * tokensPerInteraction;
        Problems.in("flops")
                .require(tokens <= MOST_TOKENS, "tokens of one prompt", tokens, "<= " + MOST_TOKENS)
                .throwIfAny();
        int interactions = method.context() + targets;
        int[][] items = new int[interactions][];
        int[][] feedbacks = new int[interactions][];
        Arrays.fill(items, new int[tokensPerInteraction]);
        Arrays.fill(feedbacks, new int[0]);
        Prompt prompt =
                new Prompt(new int[prefixTokens], items, feedbacks, method.context(), new boolean[interactions]);
        return Layout.of(List.of(prompt), method, 0);
    }

    /**
     * The count for all of a layout. A multiplication with its addition counts as two; norms, softmax and activations, which are
     * below a percent, as none. Backward costs twice forward; where weights are frozen and carry adapters, once, and the adapters
     * cost three times their forward pass. For the reset, every stream token's first keys and values are projected once more, as
     * if no id occurred twice.
     */
    public static double exact(Layout layout, ModelShape shape) {
        double passes = shape.adapterRank() > 0 ? 2 : 3;
        double perLayer = passes * 2 * layout.rows() * shape.layerWeights()
                + 3 * 2 * layout.rows() * shape.adapterWeights()
                + 3 * 4.0 * shape.heads() * shape.headWidth() * scores(layout);
        if (layout.method().reset()) {
            perLayer += passes * 2 * layout.streamRows() * shape.keyValueWeights();
        }
        double head = passes * 2 * (double) shape.width() * shape.vocabulary() * layout.targets();
        return shape.layers() * perLayer + head;
    }

    /** Query-key pairs that get a score; with the reset, a pair of a [SUM] and a token of its context gets two. */
    static long scores(Layout layout) {
        long scores = layout.prefixRows() * (layout.prefixRows() + 1L) / 2;
        for (int row = layout.prefixRows(); row < layout.rows(); row++) {
            boolean sum = layout.kind(row) == TokenKind.SUM;
            scores += layout.seesPrefix(row) ? layout.prefixRows() : 0;
            scores += layout.seesTo(row) - layout.seesFrom(row);
            scores += sum && layout.method().sumHidden() ? 1 : 0; // itself, which is no stream row
            scores += sum && layout.method().reset() ? resetPairs(layout, row) : 0;
        }
        return scores;
    }

    private static long resetPairs(Layout layout, int sumRow) {
        long pairs = 0;
        for (int key = layout.seesFrom(sumRow); key < layout.seesTo(sumRow); key++) {
            pairs += layout.interaction(layout.prefixRows() + key) < layout.interaction(sumRow) ? 1 : 0;
        }
        return pairs;
    }

    private static void check(int context, int targets, int tokensPerInteraction, int prefixTokens) {
        Problems.in("flops")
                .require(context >= 1, "context", context, ">= 1")
                .require(targets >= 1, "targets", targets, ">= 1")
                .require(tokensPerInteraction >= 1, "tokensPerInteraction", tokensPerInteraction, ">= 1")
                .require(prefixTokens >= 0, "prefixTokens", prefixTokens, ">= 0")
                .throwIfAny();
    }
}
