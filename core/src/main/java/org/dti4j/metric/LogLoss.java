package org.dti4j.metric;

import java.util.List;

/**
 * Log loss: the mean of −ln P(the label that came), natural logarithm. Probabilities are clipped to {@link #CLIP} … 1 −
 * {@code CLIP}, so that one certain mistake of a float32 softmax costs 16.1 and not infinity.
 */
public final class LogLoss {
    /** How near to 0 and 1 a probability may come. */
    public static final double CLIP = 1e-7;

    private LogLoss() {}

    /** The mean over the targets; NaN when there is none. */
    public static double of(Predictions predictions) {
        double sum = 0;
        for (int target = 0; target < predictions.targets(); target++) {
            sum += loss(predictions, target);
        }
        return sum / predictions.targets();
    }

    /** The 95 % interval by bootstrap over users; undefined with fewer than two users. */
    public static Interval interval(Predictions predictions, UserBootstrap bootstrap) {
        double[] losses = predictions.sumByUser(target -> loss(predictions, target));
        return UserBootstrap.interval(bootstrap.means(losses, predictions.sumByUser(target -> 1)));
    }

    /** The log loss of {@code first} minus that of {@code second} on the same targets: negative when the first is better. */
    public static PairedDifference difference(Predictions first, Predictions second, UserBootstrap bootstrap) {
        return difference(List.of(first), List.of(second), bootstrap);
    }

    /** The same between the means of two methods that were each trained several times, from other seeds. */
    public static PairedDifference difference(
            List<Predictions> first, List<Predictions> second, UserBootstrap bootstrap) {
        Predictions any = first.get(0);
        first.forEach(any::requireSameTargets);
        second.forEach(any::requireSameTargets);
        double[] losses = any.sumByUser(target -> loss(first, target) - loss(second, target));
        double[] sorted = bootstrap.means(losses, any.sumByUser(target -> 1));
        Interval interval = UserBootstrap.interval(sorted);
        return new PairedDifference(
                meanOf(first) - meanOf(second), interval.low(), interval.high(), UserBootstrap.pValue(sorted));
    }

    private static double meanOf(List<Predictions> trained) {
        return trained.stream().mapToDouble(LogLoss::of).average().orElse(Double.NaN);
    }

    private static double loss(List<Predictions> trained, int target) {
        return trained.stream()
                .mapToDouble(each -> loss(each, target))
                .average()
                .orElse(Double.NaN);
    }

    private static double loss(Predictions predictions, int target) {
        double clipped = Math.max(CLIP, Math.min(1 - CLIP, predictions.probability(target)));
        return predictions.label(target) ? -Math.log(clipped) : -Math.log1p(-clipped);
    }
}
