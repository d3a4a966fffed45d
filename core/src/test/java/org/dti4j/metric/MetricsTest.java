package org.dti4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    @Test
    void equalScikitLearn() {
        Metrics metrics = Metrics.of(FormulaPredictions.first(), 1);
        assertThat(metrics.auc()).isCloseTo(0.8092654004622651, within(1e-14));
        assertThat(metrics.f1()).isCloseTo(0.6596858638743456, within(1e-14));
        assertThat(metrics.accuracy()).isCloseTo(0.675, within(1e-14));
        assertThat(metrics.calibrationError()).isCloseTo(0.1413, within(1e-12));
        assertThat(metrics.targets()).isEqualTo(200);
        assertThat(metrics.positives()).isEqualTo(93);
        assertThat(metrics.auc()).isBetween(metrics.aucLow(), metrics.aucHigh());
        assertThat(metrics.logLoss()).isBetween(metrics.logLossLow(), metrics.logLossHigh());
    }

    @Test
    void noTargetsGiveNoNumbers() {
        Metrics metrics = Metrics.of(new Predictions(new double[0], new boolean[0], new int[0]), 1);
        double nan = Double.NaN;
        assertThat(metrics).isEqualTo(new Metrics(nan, nan, nan, nan, nan, nan, nan, nan, nan, 0, 0));
    }

    @Test
    void oneClassHasALogLossButNoAuc() {
        Predictions predictions =
                new Predictions(new double[] {0.2, 0.4}, new boolean[] {false, false}, new int[] {1, 2});
        Metrics metrics = Metrics.of(predictions, 1);
        assertThat(metrics.auc()).isNaN();
        assertThat(metrics.f1()).isNaN();
        assertThat(metrics.accuracy()).isEqualTo(1);
        assertThat(metrics.logLoss()).isCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, within(1e-12));
        assertThat(RocCurve.of(predictions).points()).isEmpty();
    }

    @Test
    void scoresThatAreNoProbabilitiesAreNamed() {
        for (double wrong : new double[] {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Predictions(new double[] {0.5, wrong}, new boolean[2], new int[2]))
                    .withMessageContaining("target 1 is " + wrong);
        }
    }

    @Test
    void scorersOfDifferentTargetsAreNotCompared() {
        Predictions first = new Predictions(new double[2], new boolean[] {true, false}, new int[2]);
        Predictions otherLabels = new Predictions(new double[2], new boolean[] {true, true}, new int[2]);
        Predictions otherUsers = new Predictions(new double[2], new boolean[] {true, false}, new int[] {0, 1});
        assertThatIllegalArgumentException().isThrownBy(() -> Auc.difference(first, otherLabels));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogLoss.difference(first, otherUsers, new UserBootstrap(1)))
                .withMessageContaining("target 1");
    }

    @Test
    void calibrationErrorIsZeroWhereSharesAreMet() {
        double[] scores = {0.25, 0.25, 0.25, 0.25, 1, 1};
        boolean[] labels = {true, false, false, false, true, true};
        Calibration calibration = Calibration.of(new Predictions(scores, labels, new int[6]));
        assertThat(calibration.error()).isZero();
        assertThat(calibration.bins()).extracting(Calibration.Bin::targets).containsExactly(4, 2);
    }

    /** Wilson's interval of 3 in 10, as {@code scipy.stats.binomtest(3, 10).proportion_ci(method="wilson")} gives it. */
    @Test
    void calibrationBinHasWilsonsInterval() {
        Interval interval = new Calibration.Bin(0, 0.1, 10, 0.05, 0.3).observedInterval();
        assertThat(interval.low()).isCloseTo(0.10779126740630099, within(1e-12));
        assertThat(interval.high()).isCloseTo(0.6032218525388546, within(1e-12));
    }

    @Test
    void thinnedRocCurveKeepsItsEndsAndItsArea() {
        Predictions predictions = RandomPredictions.draw(1, 20_000, 100, 100_000, 0.2);
        RocCurve curve = RocCurve.of(predictions, 100);
        assertThat(curve.points()).hasSizeBetween(90, 100);
        assertThat(curve.points().get(0)).isEqualTo(new RocCurve.Point(0, 0, Double.POSITIVE_INFINITY));
        assertThat(area(curve)).isCloseTo(Auc.of(predictions).value(), within(1e-3));
        assertThat(area(RocCurve.of(predictions, 100_000)))
                .isCloseTo(Auc.of(predictions).value(), within(1e-10));
    }

    private static double area(RocCurve curve) {
        double area = 0;
        for (int i = 1; i < curve.points().size(); i++) {
            RocCurve.Point from = curve.points().get(i - 1);
            RocCurve.Point to = curve.points().get(i);
            area += (to.falsePositiveRate() - from.falsePositiveRate())
                    * (to.truePositiveRate() + from.truePositiveRate())
                    / 2;
        }
        return area;
    }

    @Test
    void areQuickAtTwoHundredThousandTargets() {
        Predictions predictions = RandomPredictions.draw(1, 200_000, 6000, 1_000_000, 0.2);
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> Metrics.of(predictions, 1));
    }
}
