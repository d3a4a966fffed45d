package org.dti4j.metric;

/**
 * A 95 % confidence interval.
 *
 * @param low its lower end, NaN when there is no interval
 * @param high its upper end, NaN when there is no interval
 */
public record Interval(double low, double high) {
    /** What stands where the data do not determine an interval (one class only, one user only, no target). */
    public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

    /** The 97.5 % quantile of the standard normal distribution. */
    static final double NORMAL_QUANTILE = 1.959963984540054;

    public Interval {
        if (Double.isNaN(low) != Double.isNaN(high) || low > high) {
            throw new IllegalArgumentException("[%s, %s] is not an interval".formatted(low, high));
        }
    }

    /** The interval that a normal estimate with this standard error has; undefined when the error is. */
    static Interval normal(double estimate, double standardError) {
        return Double.isNaN(estimate) || Double.isNaN(standardError)
                ? UNDEFINED
                : new Interval(estimate - NORMAL_QUANTILE * standardError, estimate + NORMAL_QUANTILE * standardError);
    }

    /** This interval cut to what the quantity can be at all. */
    Interval within(double least, double most) {
        return isDefined() ? new Interval(Math.max(low, least), Math.min(high, most)) : this;
    }

    public boolean isDefined() {
        return !Double.isNaN(low);
    }

    /** Whether {@code value} lies in the interval, its ends included; never in an undefined one. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
