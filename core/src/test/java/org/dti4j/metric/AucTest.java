package org.dti4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AucTest {
    @Test
    void equalsScikitLearnAndNumPy() {
        Auc first = Auc.of(FormulaPredictions.first());
        Auc second = Auc.of(FormulaPredictions.second());
        assertThat(first.value()).isCloseTo(0.8092654004622651, within(1e-14));
        assertThat(second.value()).isCloseTo(0.7506783237865541, within(1e-14));
        assertThat(first.variance()).isCloseTo(0.0008584877936808958, within(1e-16));
        assertThat(second.variance()).isCloseTo(0.0011226487944048405, within(1e-16));
    }

    @Test
    void pairedDifferenceEqualsNumPy() {
        PairedDifference difference = Auc.difference(FormulaPredictions.first(), FormulaPredictions.second());
        assertThat(difference.difference()).isCloseTo(0.05858707667571095, within(1e-14));
        assertThat(difference.high() - difference.low())
                .isCloseTo(2 * 1.959963984540054 * 0.04362066713436024, within(1e-12));
        assertThat(difference.pValue()).isCloseTo(0.1792384180773977, within(1e-10));
        assertThat(difference.outsideNoise()).isFalse();
    }

    @Test
    void equalsItsDefinitionWithTies() {
        for (int seed = 0; seed < 30; seed++) {
            Predictions predictions = RandomPredictions.draw(seed, 20 + 7 * seed, 5, 2 + seed, 0.2);
            assertThat(Auc.of(predictions).value()).isCloseTo(byPairs(predictions), within(1e-12));
        }
    }

    private static double byPairs(Predictions predictions) {
        double sum = 0;
        for (double positive : predictions.probabilitiesOf(true)) {
            for (double negative : predictions.probabilitiesOf(false)) {
                sum += positive > negative ? 1 : positive == negative ? 0.5 : 0;
            }
        }
        return sum / predictions.positives() / (predictions.targets() - predictions.positives());
    }

    @Test
    void orderOfTargetsIsOfNoMatter() {
        Predictions predictions = RandomPredictions.draw(3, 500, 10, 50, 0.2);
        Auc shuffled = Auc.of(RandomPredictions.shuffled(predictions, 4));
        assertThat(shuffled.value()).isCloseTo(Auc.of(predictions).value(), within(1e-12));
        assertThat(shuffled.variance()).isCloseTo(Auc.of(predictions).variance(), within(1e-12));
    }

    @Test
    void equalScoresAreWorthOneHalf() {
        double[] scores = new double[10];
        Arrays.fill(scores, 0.3);
        boolean[] labels = RandomPredictions.labels(1, 10);
        assertThat(Auc.of(new Predictions(scores, labels, new int[10])).value()).isEqualTo(0.5);
    }

    @Test
    void perfectScoresGiveOneWithoutSpread() {
        Auc auc = Auc.of(new Predictions(
                new double[] {0.1, 0.2, 0.8, 0.9}, new boolean[] {false, false, true, true}, new int[4]));
        assertThat(auc.value()).isEqualTo(1);
        assertThat(auc.interval()).isEqualTo(new Interval(1, 1));
    }

    @Test
    void oneClassLeavesAucUndefined() {
        for (boolean label : new boolean[] {false, true}) {
            Auc auc = Auc.of(new Predictions(new double[] {0.1, 0.9}, new boolean[] {label, label}, new int[2]));
            assertThat(auc.value()).isNaN();
            assertThat(auc.interval().isDefined()).isFalse();
        }
        assertThat(Auc.of(new Predictions(new double[0], new boolean[0], new int[0]))
                        .value())
                .isNaN();
    }

    @Test
    void onePositiveHasAnAucButNoInterval() {
        Auc auc = Auc.of(new Predictions(new double[] {0.1, 0.7, 0.5}, new boolean[] {false, false, true}, new int[3]));
        assertThat(auc.value()).isEqualTo(0.5);
        assertThat(auc.interval().isDefined()).isFalse();
    }

    @Test
    void scorerDoesNotDifferFromItself() {
        Predictions predictions = RandomPredictions.draw(5, 300, 10, 40, 0.1);
        assertThat(Auc.difference(predictions, predictions)).isEqualTo(new PairedDifference(0, 0, 0, 1));
    }

    @Test
    void differenceOfMethodsIsThatOfTheirMeansOverSeeds() {
        boolean[] labels = RandomPredictions.labels(7, 400);
        int[] users = RandomPredictions.users(400, 20);
        List<Predictions> first = new ArrayList<>();
        List<Predictions> second = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            first.add(new Predictions(RandomPredictions.scores(new Random(seed), labels, 50, 0.3), labels, users));
            second.add(
                    new Predictions(RandomPredictions.scores(new Random(10L + seed), labels, 50, 0.2), labels, users));
        }
        PairedDifference difference = Auc.difference(first, second);
        double mean = first.stream().mapToDouble(each -> Auc.of(each).value()).sum() / 3
                - second.stream().mapToDouble(each -> Auc.of(each).value()).sum() / 3;
        assertThat(difference.difference()).isCloseTo(mean, within(1e-12));
        // independent errors of three seeds cancel: the interval is narrower than that of any one
        PairedDifference one = Auc.difference(first.get(0), second.get(0));
        assertThat(difference.high() - difference.low()).isLessThan(one.high() - one.low());
        assertThat(Auc.difference(first.subList(0, 1), second.subList(0, 1))).isEqualTo(one);
        PairedDifference repeated = Auc.difference(
                List.of(first.get(0), first.get(0)), List.of(second.get(0), second.get(0), second.get(0)));
        assertThat(repeated.low()).isCloseTo(one.low(), within(1e-12));
    }

    /** With two guessing scorers the difference is zero, and the interval must say so about 95 times in 100. */
    @Test
    void pairedIntervalCoversZeroForEquallyGoodScorers() {
        int covered = 0;
        for (int seed = 0; seed < 400; seed++) {
            boolean[] labels = RandomPredictions.labels(seed, 200);
            int[] users = RandomPredictions.users(200, 20);
            Random random = new Random(1000L + seed);
            Predictions first = new Predictions(RandomPredictions.scores(random, labels, 30, 0.2), labels, users);
            Predictions second = new Predictions(RandomPredictions.scores(random, labels, 30, 0.2), labels, users);
            covered += Auc.difference(first, second).outsideNoise() ? 0 : 1;
        }
        assertThat(covered).isBetween(366, 394); // 380 expected, standard deviation 4.4
    }
}
