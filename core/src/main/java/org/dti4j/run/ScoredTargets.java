package org.dti4j.run;

import java.util.Arrays;
import java.util.List;
import org.dti4j.data.History;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Predictions;
import org.dti4j.prompt.Stream;

/** The targets of an evaluation with what was predicted of each, in the order of streams. */
public final class ScoredTargets {
    private final int[] users;
    private final int[] interactions;
    private final boolean[] labels;
    private final double[] probabilities;

    /** @param probabilities of all targets, in the order of the streams */
    public ScoredTargets(PreparedData data, List<Stream> streams, double[] probabilities) {
        this.probabilities = probabilities;
        users = new int[probabilities.length];
        interactions = new int[probabilities.length];
        labels = new boolean[probabilities.length];
        int target = 0;
        for (Stream stream : streams) {
            History history = data.history(stream.user());
            for (int interaction = stream.firstTarget(); interaction < stream.end(); interaction++) {
                users[target] = stream.user();
                interactions[target] = interaction;
                labels[target++] = history.label(interaction);
            }
        }
        if (target != probabilities.length) {
            throw new IllegalArgumentException(
                    "%d probabilities for %d targets".formatted(probabilities.length, target));
        }
    }

    ScoredTargets(List<Row> rows) {
        users = rows.stream().mapToInt(Row::user).toArray();
        interactions = rows.stream().mapToInt(Row::interaction).toArray();
        probabilities = rows.stream().mapToDouble(Row::probability).toArray();
        labels = new boolean[rows.size()];
        for (int target = 0; target < labels.length; target++) {
            labels[target] = rows.get(target).label();
        }
    }

    /** One target. */
    record Row(int user, int interaction, boolean label, double probability) {}

    /** Whether another scorer scored the same targets, labels and all, in the same order, so that the two can be compared pair by pair. */
    public boolean isOfSameTargets(ScoredTargets other) {
        return Arrays.equals(users, other.users)
                && Arrays.equals(interactions, other.interactions)
                && Arrays.equals(labels, other.labels);
    }

    public int size() {
        return probabilities.length;
    }

    /** Index of the user in the prepared data. */
    public int user(int target) {
        return users[target];
    }

    /** Index of the target in its user's history. */
    public int interaction(int target) {
        return interactions[target];
    }

    public boolean label(int target) {
        return labels[target];
    }

    public double probability(int target) {
        return probabilities[target];
    }

    /** For the metrics. */
    public Predictions predictions() {
        return new Predictions(probabilities, labels, users);
    }

    /** The same targets as another scorer predicts them. */
    public Predictions predictions(double[] others) {
        return new Predictions(others, labels, users);
    }

    public int[] users() {
        return users.clone();
    }

    public int[] interactions() {
        return interactions.clone();
    }
}
