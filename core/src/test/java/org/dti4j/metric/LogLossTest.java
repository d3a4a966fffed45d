package org.dti4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogLossTest {
    private static final UserBootstrap BOOTSTRAP = new UserBootstrap(7);

    @Test
    void equalsScikitLearn() {
        assertThat(LogLoss.of(FormulaPredictions.first())).isCloseTo(0.5136876209821493, within(1e-9));
    }

    @Test
    void certainMistakeIsClipped() {
        Predictions mistakes = new Predictions(new double[] {0, 1}, new boolean[] {true, false}, new int[2]);
        assertThat(LogLoss.of(mistakes)).isCloseTo(-Math.log(1e-7), within(1e-6));
    }

    @Test
    void equalSeedsGiveEqualIntervalsAndOthersDoNot() {
        Predictions predictions = RandomPredictions.draw(1, 1000, 50, 100, 0.2);
        Interval interval = LogLoss.interval(predictions, BOOTSTRAP);
        assertThat(LogLoss.interval(predictions, new UserBootstrap(7))).isEqualTo(interval);
        assertThat(LogLoss.interval(predictions, new UserBootstrap(8))).isNotEqualTo(interval);
        assertThat(interval.contains(LogLoss.of(predictions))).isTrue();
    }

    /** Two users with one loss each: a resample's mean is the one, the other, or the middle. */
    @Test
    void usersAreResampledNotTargets() {
        int targets = 1000;
        double[] scores = new double[targets];
        boolean[] labels = new boolean[targets];
        for (int target = 0; target < targets; target++) {
            scores[target] = target % 2 == 0 ? 0.9 : 0.4;
            labels[target] = true;
        }
        Predictions predictions = new Predictions(scores, labels, RandomPredictions.users(targets, 2));
        Interval interval = LogLoss.interval(predictions, BOOTSTRAP);
        assertThat(interval.low()).isCloseTo(-Math.log(0.9), within(1e-9));
        assertThat(interval.high()).isCloseTo(-Math.log(0.4), within(1e-9));
    }

    @Test
    void oneUserGivesNoInterval() {
        Predictions predictions = RandomPredictions.draw(1, 100, 1, 100, 0.2);
        assertThat(LogLoss.interval(predictions, BOOTSTRAP).isDefined()).isFalse();
        assertThat(LogLoss.difference(predictions, predictions, BOOTSTRAP).pValue())
                .isNaN();
    }

    @Test
    void betterScorerIsFoundBetter() {
        boolean[] labels = RandomPredictions.labels(2, 4000);
        int[] users = RandomPredictions.users(4000, 200);
        Predictions good = new Predictions(RandomPredictions.scores(new Random(1), labels, 99, 0.3), labels, users);
        Predictions poor = new Predictions(RandomPredictions.scores(new Random(2), labels, 99, 0.1), labels, users);
        PairedDifference difference = LogLoss.difference(good, poor, BOOTSTRAP);
        assertThat(difference.difference()).isNegative();
        assertThat(difference.outsideNoise()).isTrue();
        assertThat(difference.pValue()).isLessThan(0.01);
        assertThat(difference.reversed().low()).isEqualTo(-difference.high());
    }

    /** Users differ in how well they are predicted; 95 of 100 intervals must hold the mean over all possible users. */
    @Test
    void intervalCoversTheTrueLossWhenUsersDiffer() {
        double truth = 0;
        for (int i = 0; i < 1000; i++) {
            truth -= Math.log(0.3 + 0.6 * (i + 0.5) / 1000) / 1000;
        }
        int covered = 0;
        for (int seed = 0; seed < 300; seed++) {
            Predictions predictions = usersOfOneProbabilityEach(new Random(seed), 60, 10);
            covered +=
                    LogLoss.interval(predictions, new UserBootstrap(seed, 400)).contains(truth) ? 1 : 0;
        }
        assertThat(covered).isBetween(268, 298); // 285 expected, standard deviation 3.8
    }

    private static Predictions usersOfOneProbabilityEach(Random random, int users, int targetsPerUser) {
        double[] ofUser = random.doubles(users, 0.3, 0.9).toArray();
        int targets = users * targetsPerUser;
        double[] scores = new double[targets];
        boolean[] labels = new boolean[targets];
        for (int target = 0; target < targets; target++) {
            scores[target] = ofUser[target % users];
            labels[target] = true;
        }
        return new Predictions(scores, labels, RandomPredictions.users(targets, users));
    }

    @Test
    void differenceOfMethodsIsThatOfTheirMeansOverSeeds() {
        boolean[] labels = RandomPredictions.labels(7, 400);
        int[] users = RandomPredictions.users(400, 20);
        List<Predictions> first = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            first.add(new Predictions(RandomPredictions.scores(new Random(seed), labels, 50, 0.3), labels, users));
        }
        Predictions second = new Predictions(RandomPredictions.scores(new Random(9), labels, 50, 0.1), labels, users);
        PairedDifference difference = LogLoss.difference(first, List.of(second), BOOTSTRAP);
        double mean = first.stream().mapToDouble(LogLoss::of).sum() / 3;
        assertThat(difference.difference()).isCloseTo(mean - LogLoss.of(second), within(1e-12));
        assertThat(difference.low()).isLessThan(difference.difference());
        assertThat(difference.high()).isGreaterThan(difference.difference());
        PairedDifference one = LogLoss.difference(first.get(0), second, BOOTSTRAP);
        assertThat(difference.high() - difference.low()).isLessThan(one.high() - one.low());
        assertThat(LogLoss.difference(first.subList(0, 1), List.of(second), BOOTSTRAP))
                .isEqualTo(one);
    }
}
