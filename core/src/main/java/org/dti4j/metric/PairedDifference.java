package org.dti4j.metric;

/**
 * How much a metric of a first scorer differs from that of a second one on the same targets.
 *
 * @param difference the first scorer's metric minus the second's; NaN when the metric is undefined on these targets
 * @param low lower end of its 95 % interval, NaN when there is none
 * @param high upper end of its 95 % interval, NaN when there is none
 * @param pValue two-sided, of the hypothesis that both are equally good; NaN when there is none
 */
public record PairedDifference(double difference, double low, double high, double pValue) {
    /** What stands where the metric is undefined. */
    static final PairedDifference UNDEFINED = new PairedDifference(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    public PairedDifference {
        if (Double.isNaN(low) != Double.isNaN(high) || low > high) {
            throw new IllegalArgumentException("[%s, %s] is not an interval".formatted(low, high));
        }
        if (pValue < 0 || pValue > 1) {
            throw new IllegalArgumentException("p value %s is not between 0 and 1".formatted(pValue));
        }
    }

    /** Whether zero lies outside the interval: the difference is more than the noise of these targets. */
    public boolean outsideNoise() {
        return low > 0 || high < 0;
    }

    /** The second scorer's metric minus the first's. */
    public PairedDifference reversed() {
        return new PairedDifference(-difference, -high, -low, pValue);
    }
}
