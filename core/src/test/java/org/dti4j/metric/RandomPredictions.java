package org.dti4j.metric;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;

/** Random targets for the tests of this package. */
final class RandomPredictions {
    private RandomPredictions() {}

    /**
     * Random predictions.
     *
     * @param levels how many distinct scores there may be: few give many ties
     * @param skill from 0 (guessing) to 1
     */
    static Predictions draw(long seed, int targets, int users, int levels, double skill) {
        boolean[] labels = labels(seed, targets);
        return new Predictions(scores(new Random(seed + 1), labels, levels, skill), labels, users(targets, users));
    }

    static boolean[] labels(long seed, int targets) {
        Random random = new Random(seed);
        boolean[] labels = new boolean[targets];
        for (int target = 0; target < targets; target++) {
            labels[target] = random.nextDouble() < 0.6;
        }
        return labels;
    }

    static double[] scores(Random random, boolean[] labels, int levels, double skill) {
        return IntStream.range(0, labels.length)
                .mapToDouble(i -> (1 - skill) * random.nextDouble() + skill * (labels[i] ? 0.8 : 0.3))
                .map(score -> Math.rint(score * levels) / levels)
                .toArray();
    }

    static int[] users(int targets, int users) {
        return IntStream.range(0, targets).map(target -> target % users).toArray();
    }

    /** The same targets in another order. */
    static Predictions shuffled(Predictions predictions, long seed) {
        int targets = predictions.targets();
        Integer[] order = IntStream.range(0, targets).boxed().toArray(Integer[]::new);
        Collections.shuffle(Arrays.asList(order), new Random(seed));
        double[] scores = new double[targets];
        boolean[] labels = new boolean[targets];
        int[] users = new int[targets];
        for (int i = 0; i < targets; i++) {
            scores[i] = predictions.probability(order[i]);
            labels[i] = predictions.label(order[i]);
            users[i] = predictions.userGroup(order[i]);
        }
        return new Predictions(scores, labels, users);
    }
}
