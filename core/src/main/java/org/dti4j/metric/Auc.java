package org.dti4j.metric;

import java.util.List;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.ranking.NaNStrategy;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * Area under the ROC curve: the probability that a positive target is scored above a negative one, ties counted half
 * (docs/method.md section 8).
 *
 * <p>Variance and the paired test are DeLong's (E. DeLong, D. DeLong, Clarke-Pearson: Comparing the areas under two or
 * more correlated receiver operating characteristic curves, Biometrics 44, 1988), computed from mid-ranks in O(n log n)
 * (Sun, Xu: Fast implementation of DeLong's algorithm, IEEE Signal Processing Letters 21, 2014). They take the targets as
 * independent of each other, those of one user too.
 */
public final class Auc {
    private final double[] ofPositives; // share of negatives that each positive beats
    private final double[] ofNegatives; // share of positives that beat each negative
    private final double value;

    private Auc(double[] ofPositives, double[] ofNegatives) {
        this.ofPositives = ofPositives;
        this.ofNegatives = ofNegatives;
        this.value = ofPositives.length == 0 || ofNegatives.length == 0 ? Double.NaN : mean(ofPositives);
    }

    /** O(n log n) in the number of targets. */
    public static Auc of(Predictions predictions) {
        double[] positives = predictions.probabilitiesOf(true);
        double[] negatives = predictions.probabilitiesOf(false);
        double[] all = new double[positives.length + negatives.length];
        System.arraycopy(positives, 0, all, 0, positives.length);
        System.arraycopy(negatives, 0, all, positives.length, negatives.length);
        double[] ranks = midRanks(all);
        double[] among = midRanks(positives);
        double[] ofPositives = new double[positives.length];
        for (int i = 0; i < positives.length; i++) {
            ofPositives[i] = (ranks[i] - among[i]) / negatives.length;
        }
        among = midRanks(negatives);
        double[] ofNegatives = new double[negatives.length];
        for (int i = 0; i < negatives.length; i++) {
            ofNegatives[i] = 1 - (ranks[positives.length + i] - among[i]) / positives.length;
        }
        return new Auc(ofPositives, ofNegatives);
    }

    private static double[] midRanks(double[] values) {
        return values.length == 0 ? values : new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).apply(values);
    }

    /** The AUC; NaN when all targets have the same label, or there is none. */
    public double value() {
        return value;
    }

    /** DeLong's variance of the AUC; NaN with fewer than two positives or fewer than two negatives. */
    public double variance() {
        return covariance(this);
    }

    /**
     * The 95 % interval, normal around the AUC and cut to 0 to 1; undefined where the variance is. It shrinks to a point
     * when the scores separate the labels without a fault.
     */
    public Interval interval() {
        return Interval.normal(value, Math.sqrt(variance())).within(0, 1);
    }

    /** DeLong's paired comparison: the AUC of {@code first} minus that of {@code second}, on the same targets. */
    public static PairedDifference difference(Predictions first, Predictions second) {
        first.requireSameTargets(second);
        return of(first).minus(of(second));
    }

    /**
     * The same between two methods that were each trained several times, from other seeds: the mean AUC of {@code first} minus the
     * mean AUC of {@code second}. A mean of AUCs is a mean of placements, so DeLong's interval holds for it as for one. It says how
     * sure the difference of these trained models is on other targets; how much training itself varies is seen in the spread
     * over seeds.
     *
     * @param first one per seed, at least one, all on the same targets
     * @param second likewise, on the targets of {@code first}; there may be more or fewer of them
     */
    public static PairedDifference difference(List<Predictions> first, List<Predictions> second) {
        first.forEach(first.get(0)::requireSameTargets);
        second.forEach(first.get(0)::requireSameTargets);
        return mean(first).minus(mean(second));
    }

    private static Auc mean(List<Predictions> trained) {
        List<Auc> aucs = trained.stream().map(Auc::of).toList();
        return new Auc(mean(aucs, auc -> auc.ofPositives), mean(aucs, auc -> auc.ofNegatives));
    }

    private static double[] mean(List<Auc> aucs, Function<Auc, double[]> placements) {
        double[] mean = new double[placements.apply(aucs.get(0)).length];
        for (Auc auc : aucs) {
            double[] values = placements.apply(auc);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += values[i] / aucs.size();
            }
        }
        return mean;
    }

    private PairedDifference minus(Auc other) {
        double difference = value - other.value;
        double variance = variance() + other.variance() - 2 * covariance(other);
        if (Double.isNaN(variance)) {
            return new PairedDifference(difference, Double.NaN, Double.NaN, Double.NaN);
        }
        double error = Math.sqrt(Math.max(variance, 0)); // rounding may take equal scorers below 0
        Interval interval = Interval.normal(difference, error);
        return new PairedDifference(difference, interval.low(), interval.high(), pValue(difference, error));
    }

    private static double pValue(double difference, double error) {
        if (difference == 0) {
            return 1;
        }
        double z = Math.abs(difference) / error;
        return 2 * NormalDistribution.of(0, 1).survivalProbability(z);
    }

    private double covariance(Auc other) {
        return covariance(ofPositives, other.ofPositives) / ofPositives.length
                + covariance(ofNegatives, other.ofNegatives) / ofNegatives.length;
    }

    private static double covariance(double[] first, double[] second) {
        if (first.length < 2) {
            return Double.NaN;
        }
        double meanOfFirst = mean(first);
        double meanOfSecond = mean(second);
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (first[i] - meanOfFirst) * (second[i] - meanOfSecond);
        }
        return sum / (first.length - 1);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
