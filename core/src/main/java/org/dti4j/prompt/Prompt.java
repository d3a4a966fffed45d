package org.dti4j.prompt;

import java.util.Arrays;

/**
 * The token ids of one training or inference prompt: a prefix, then interactions, of which those from
 * {@link #firstTarget()} on are targets (docs/method.md section 2). Where [SUM] tokens stand and what sees what is the business of
 * {@code method.Layout}.
 */
public final class Prompt {
    private final int[] prefix;
    private final int[][] items;
    private final int[][] feedbacks;
    private final int firstTarget;
    private final boolean[] labels;

    /**
     * Keeps the arrays that it is given: segments are shared among prompts, and nobody writes into them.
     *
     * @param prefix ids of BOS and instruction
     * @param items one array of ids per interaction
     * @param feedbacks one array of ids per interaction, empty when feedback is off; the last one is never read
     * @param firstTarget index of the first interaction that is a target
     * @param labels one label per interaction; only those of targets are read
     */
    public Prompt(int[] prefix, int[][] items, int[][] feedbacks, int firstTarget, boolean[] labels) {
        if (items.length != feedbacks.length || items.length != labels.length) {
            throw new IllegalArgumentException("items, feedbacks and labels differ in length: %d, %d, %d"
                    .formatted(items.length, feedbacks.length, labels.length));
        }
        if (firstTarget < 0 || firstTarget >= items.length) {
            throw new IllegalArgumentException(
                    "first target %d is not among %d interactions".formatted(firstTarget, items.length));
        }
        this.prefix = prefix;
        this.items = items;
        this.feedbacks = feedbacks;
        this.firstTarget = firstTarget;
        this.labels = labels;
    }

    public int[] prefix() {
        return prefix;
    }

    public int interactions() {
        return items.length;
    }

    public int[] item(int interaction) {
        return items[interaction];
    }

    public int[] feedback(int interaction) {
        return feedbacks[interaction];
    }

    public int firstTarget() {
        return firstTarget;
    }

    public int targets() {
        return items.length - firstTarget;
    }

    public boolean label(int interaction) {
        return labels[interaction];
    }

    /** Number of tokens: prefix, items, every feedback but the last target's, and a [SUM] per target. */
    public int tokens() {
        int itemTokens = Arrays.stream(items).mapToInt(ids -> ids.length).sum();
        int feedbackTokens = Arrays.stream(feedbacks)
                .limit(items.length - 1L)
                .mapToInt(ids -> ids.length)
                .sum();
        return prefix.length + itemTokens + feedbackTokens + targets();
    }
}
