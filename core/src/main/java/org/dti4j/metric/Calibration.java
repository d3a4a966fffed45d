package org.dti4j.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether predicted probabilities are met: {@link #BINS} bins of equal width over 0 to 1, each closed below and open above
 * (the last one closed). Empty bins are left out.
 *
 * @param bins those with targets, by rising probability
 */
public record Calibration(List<Bin> bins) {
    /** As many as Guo et al. took (On calibration of modern neural networks, ICML 2017). */
    public static final int BINS = 15;

    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * The targets whose probability lies in one bin.
     *
     * @param low lower edge
     * @param high upper edge
     * @param targets how many, at least 1
     * @param predicted the mean probability
     * @param observed the share of positive labels
     */
    public record Bin(double low, double high, int targets, double predicted, double observed) {
        /** The 95 % interval of {@code observed} for independent targets (Wilson's score interval). */
        public Interval observedInterval() {
            double z = Interval.NORMAL_QUANTILE;
            double scale = 1 + z * z / targets;
            double middle = (observed + z * z / (2 * targets)) / scale;
            double half =
                    z / scale * Math.sqrt(observed * (1 - observed) / targets + z * z / (4.0 * targets * targets));
            return new Interval(middle - half, middle + half).within(0, 1);
        }
    }

    public static Calibration of(Predictions predictions) {
        double[] probabilities = new double[BINS];
        int[] positives = new int[BINS];
        int[] targets = new int[BINS];
        for (int target = 0; target < predictions.targets(); target++) {
            double probability = predictions.probability(target);
            int bin = Math.min((int) (probability * BINS), BINS - 1);
            probabilities[bin] += probability;
            positives[bin] += predictions.label(target) ? 1 : 0;
            targets[bin]++;
        }
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            if (targets[bin] > 0) {
                double predicted = probabilities[bin] / targets[bin];
                double observed = (double) positives[bin] / targets[bin];
                bins.add(new Bin((double) bin / BINS, (bin + 1.0) / BINS, targets[bin], predicted, observed));
            }
        }
        return new Calibration(bins);
    }

    /**
     * Expected calibration error: the mean over the targets of |mean probability − share of positives| of their bin; NaN
     * without targets.
     */
    public double error() {
        double sum = 0;
        long targets = 0;
        for (Bin bin : bins) {
            sum += bin.targets() * Math.abs(bin.predicted() - bin.observed());
            targets += bin.targets();
        }
        return sum / targets;
    }
}
