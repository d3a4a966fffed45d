package org.dti4j.cli.load;

import java.util.Arrays;
import java.util.Map;

/**
 * What became of requests.
 *
 * @param statuses how many were answered with each; 0 for those that got no answer
 * @param perSecond answered with 200
 * @param p50 milliseconds of those, and p99
 * @param wrong answered with 200 and something else than expected
 */
public record Load(Map<Integer, Long> statuses, double perSecond, double p50, double p99, long wrong) {
    static Load of(Map<Integer, Long> statuses, double[] millis, double seconds, long wrong) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new Load(Map.copyOf(statuses), sorted.length / seconds, at(sorted, .5), at(sorted, .99), wrong);
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1.0, share * sorted.length)];
    }

    /** How many were answered so. */
    public long count(int status) {
        return statuses.getOrDefault(status, 0L);
    }

    /** How many got an answer that says that the server failed, except that it is busy. */
    public long faults() {
        return statuses.entrySet().stream()
                .filter(each -> each.getKey() >= 500 && each.getKey() != 503)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
