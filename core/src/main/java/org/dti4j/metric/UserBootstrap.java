package org.dti4j.metric;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The percentile bootstrap over users: whole users are drawn with replacement, since targets of one user depend on each
 * other. It works on sums per user, so that a resample costs one addition per user, not per target.
 *
 * @param seed equal seeds draw equal resamples
 * @param resamples how many
 */
public record UserBootstrap(long seed, int resamples) {
    /** What {@link #UserBootstrap(long)} draws. */
    public static final int DEFAULT_RESAMPLES = 1000;

    public UserBootstrap {
        if (resamples < 40) { // else the 2.5 % quantile would be an extreme value
            throw new IllegalArgumentException("resamples = %d, must be >= 40".formatted(resamples));
        }
    }

    public UserBootstrap(long seed) {
        this(seed, DEFAULT_RESAMPLES);
    }

    /**
     * The sorted means that resampling users gives.
     *
     * @param sums one per user: the sum over the user's targets
     * @param counts one per user: the number of the user's targets, at least 1
     * @return one mean per resample, or none when there are fewer than two users
     */
    double[] means(double[] sums, double[] counts) {
        if (sums.length < 2) {
            return new double[0];
        }
        SplittableRandom seeds = new SplittableRandom(seed);
        return Stream.generate(seeds::split).limit(resamples).toList().parallelStream()
                .mapToDouble(random -> mean(random, sums, counts))
                .sorted()
                .toArray();
    }

    private static double mean(SplittableRandom random, double[] sums, double[] counts) {
        double sum = 0;
        double count = 0;
        for (int draw = 0; draw < sums.length; draw++) {
            int user = random.nextInt(sums.length);
            sum += sums[user];
            count += counts[user];
        }
        return sum / count;
    }

    /** The 95 % interval of sorted resampled values. */
    static Interval interval(double[] sorted) {
        return sorted.length == 0 ? Interval.UNDEFINED : new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** The two-sided p value of sorted resampled differences: twice the smaller share on one side of zero. */
    static double pValue(double[] sorted) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        long atMostZero = Arrays.stream(sorted).filter(value -> value <= 0).count();
        long atLeastZero = Arrays.stream(sorted).filter(value -> value >= 0).count();
        return Math.min(1, 2.0 * (Math.min(atMostZero, atLeastZero) + 1) / (sorted.length + 1));
    }
}
