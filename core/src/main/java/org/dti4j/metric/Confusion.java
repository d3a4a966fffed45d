package org.dti4j.metric;

/**
 * Counts of right and wrong answers when a probability of at least 0.5 is taken for a yes.
 *
 * @param truePositives yes, and the label is 1
 * @param falsePositives yes, and the label is 0
 * @param falseNegatives no, and the label is 1
 * @param trueNegatives no, and the label is 0
 */
public record Confusion(int truePositives, int falsePositives, int falseNegatives, int trueNegatives) {
    /** From this probability on the answer is yes. */
    public static final double THRESHOLD = 0.5;

    public static Confusion of(Predictions predictions) {
        int[][] counts = new int[2][2]; // [label][answer]
        for (int target = 0; target < predictions.targets(); target++) {
            counts[predictions.label(target) ? 1 : 0][predictions.probability(target) >= THRESHOLD ? 1 : 0]++;
        }
        return new Confusion(counts[1][1], counts[0][1], counts[1][0], counts[0][0]);
    }

    /** The share of right answers; NaN without targets. */
    public double accuracy() {
        return (double) (truePositives + trueNegatives)
                / (truePositives + falsePositives + falseNegatives + trueNegatives);
    }

    /** The harmonic mean of precision and recall of the positive class; NaN when no label and no answer is a yes. */
    public double f1() {
        return 2.0 * truePositives / (2.0 * truePositives + falsePositives + falseNegatives);
    }
}
