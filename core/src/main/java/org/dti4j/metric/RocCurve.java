package org.dti4j.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ROC curve for plots: from (0, 0) to (1, 1), a corner per distinct score, thinned where it has more than a plot can
 * show. The AUC is not computed from it.
 *
 * @param points by rising rates; none when all targets have the same label
 */
public record RocCurve(List<Point> points) {
    /** Corners that are kept at most, unless said otherwise. */
    public static final int DEFAULT_POINTS = 200;

    public RocCurve {
        points = List.copyOf(points);
    }

    /**
     * What a threshold gives.
     *
     * @param falsePositiveRate share of the negatives scored at least {@code threshold}
     * @param truePositiveRate share of the positives scored at least {@code threshold}
     * @param threshold the score; positive infinity at (0, 0)
     */
    public record Point(double falsePositiveRate, double truePositiveRate, double threshold) {}

    public static RocCurve of(Predictions predictions) {
        return of(predictions, DEFAULT_POINTS);
    }

    /** A curve of at most {@code most} (≥ 2) points, about evenly spaced along it. */
    public static RocCurve of(Predictions predictions, int most) {
        if (most < 2) {
            throw new IllegalArgumentException("a curve of %d points, must be >= 2".formatted(most));
        }
        int positives = predictions.positives();
        int negatives = predictions.targets() - positives;
        return new RocCurve(positives == 0 || negatives == 0 ? List.of() : thin(corners(predictions), most));
    }

    private static List<Point> corners(Predictions predictions) {
        int[] order = IntStream.range(0, predictions.targets())
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(predictions::probability)
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        double positives = predictions.positives();
        double negatives = predictions.targets() - positives;
        List<Point> corners = new ArrayList<>();
        corners.add(new Point(0, 0, Double.POSITIVE_INFINITY));
        int above = 0;
        for (int place = 0; place < order.length; place++) {
            above += predictions.label(order[place]) ? 1 : 0;
            double score = predictions.probability(order[place]);
            if (place + 1 == order.length || predictions.probability(order[place + 1]) != score) {
                corners.add(new Point((place + 1 - above) / negatives, above / positives, score));
            }
        }
        return corners;
    }

    /** Keeps the ends and, for each of {@code most - 1} equal steps along the curve, the last corner in it. */
    private static List<Point> thin(List<Point> corners, int most) {
        if (corners.size() <= most) {
            return corners;
        }
        List<Point> kept = new ArrayList<>(List.of(corners.get(0)));
        double steps = most - 1.0;
        for (int i = 1; i < corners.size(); i++) {
            boolean last = i + 1 == corners.size();
            if (last || step(corners.get(i + 1), steps) > step(corners.get(i), steps)) {
                kept.add(corners.get(i));
            }
        }
        return kept;
    }

    /** In which of the equal steps along the curve a corner lies; the length of the curve is counted as |dx| + |dy| = 2. */
    private static int step(Point corner, double steps) {
        double along = (corner.falsePositiveRate() + corner.truePositiveRate()) / 2;
        return Math.min((int) (along * steps), (int) steps - 1);
    }
}
