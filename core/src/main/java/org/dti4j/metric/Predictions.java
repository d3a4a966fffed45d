package org.dti4j.metric;

import java.util.Arrays;

/**
 * The targets of an evaluation: what was predicted, what came, and whose target it was. No target is required; metrics
 * of an empty evaluation are NaN.
 */
public final class Predictions {
    private final double[] probabilities;
    private final boolean[] labels;
    private final int[] users;
    private final int[] userGroups;
    private final int userCount;
    private final int positives;

    /**
     * Copies nothing: the arrays must not be written into afterwards.
     *
     * @param probabilities one per target, from 0 to 1
     * @param labels one per target
     * @param users one per target: the user's index or any other number that tells users apart
     * @throws IllegalArgumentException when the lengths differ or a probability is NaN or outside 0 to 1 (a fault of
     *     the scorer, never of the data; the message says which target)
     */
    public Predictions(double[] probabilities, boolean[] labels, int[] users) {
        if (probabilities.length != labels.length || users.length != labels.length) {
            throw new IllegalArgumentException("%d probabilities, %d labels, %d users: one of each per target is needed"
                    .formatted(probabilities.length, labels.length, users.length));
        }
        for (int target = 0; target < probabilities.length; target++) {
            double probability = probabilities[target];
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "probability of target %d is %s, must be from 0 to 1".formatted(target, probability));
            }
        }
        this.probabilities = probabilities;
        this.labels = labels;
        this.users = users;
        int[] distinct = Arrays.stream(users).sorted().distinct().toArray();
        this.userGroups = Arrays.stream(users)
                .map(user -> Arrays.binarySearch(distinct, user))
                .toArray();
        this.userCount = distinct.length;
        this.positives = positives(labels);
    }

    private static int positives(boolean[] labels) {
        int positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        return positives;
    }

    public int targets() {
        return labels.length;
    }

    public int positives() {
        return positives;
    }

    /** How many users the targets belong to. */
    public int users() {
        return userCount;
    }

    public double probability(int target) {
        return probabilities[target];
    }

    public boolean label(int target) {
        return labels[target];
    }

    /** The user of a target, numbered from 0 to {@code users() - 1} in the order of what the constructor was given. */
    int userGroup(int target) {
        return userGroups[target];
    }

    /** The sum of {@code value} over each user's targets. */
    double[] sumByUser(TargetValue value) {
        double[] sums = new double[userCount];
        for (int target = 0; target < targets(); target++) {
            sums[userGroups[target]] += value.of(target);
        }
        return sums;
    }

    /** The probabilities of the targets with this label. */
    double[] probabilitiesOf(boolean label) {
        double[] selected = new double[label ? positives : targets() - positives];
        int next = 0;
        for (int target = 0; target < targets(); target++) {
            if (labels[target] == label) {
                selected[next++] = probabilities[target];
            }
        }
        return selected;
    }

    /** Refuses to compare predictions of different targets. */
    void requireSameTargets(Predictions other) {
        int first = Arrays.mismatch(labels, other.labels);
        first = first >= 0 ? first : Arrays.mismatch(users, other.users);
        if (first >= 0) {
            throw new IllegalArgumentException(
                    "the two scorers were not given the same targets: they differ from target %d on".formatted(first));
        }
    }

    /** A number that a target contributes to a metric. */
    @FunctionalInterface
    interface TargetValue {
        double of(int target);
    }
}
