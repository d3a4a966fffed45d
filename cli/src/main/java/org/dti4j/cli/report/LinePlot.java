package org.dti4j.cli.report;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Curves over a common horizontal axis, each named where it ends.
 *
 * @param description for those who cannot see it; also tells this plot from the others of the document
 * @param xName name of the horizontal axis
 * @param yName name of the vertical axis
 * @param xText how its ticks are written
 * @param series the curves, drawn in this order
 */
record LinePlot(String description, String xName, String yName, DoubleFunction<String> xText, List<Series> series) {
    private static final double HEIGHT = 262;
    private static final double BOTTOM = 220;
    private static final int SPOTS = 60;

    /** How a curve is drawn. */
    enum Look {
        /** Thin and pale: what lies behind. */
        FAINT,
        /** A line; says its values under the pointer. */
        LINE,
        /** Markers on a thin line. */
        MARKED,
        /** Markers alone. */
        MARKERS;

        boolean isMarked() {
            return this == MARKED || this == MARKERS;
        }
    }

    /** A point of a curve, and what is said when the pointer rests on it. */
    record Point(double x, double y, String hover) {}

    /**
     * A curve.
     *
     * @param name written where the curve ends; empty for none
     */
    record Series(String name, RunColour colour, Look look, List<Point> points) {}

    void draw(Html html) {
        List<Series> drawn = series.stream().filter(s -> !s.points().isEmpty()).toList();
        if (drawn.isEmpty()) {
            html.element("p", "No points of " + yName + " were recorded.", "class", "none");
            return;
        }
        Frame frame = new Frame(xAxis(drawn), yAxis(drawn));
        String clip = "clip-" + Integer.toHexString(description.hashCode());
        Frame.begin(html, HEIGHT, description);
        clip(html, clip, frame);
        int places = frame.y().places();
        frame.draw(html, xText, value -> Numbers.decimals(value, places), xName, yName);
        html.open("g", "clip-path", "url(#" + clip + ")");
        drawn.forEach(s -> curve(html, s, frame));
        html.close();
        drawn.forEach(s -> spots(html, s, frame));
        EndLabels.draw(html, frame, drawn);
        if (cutOff(drawn, frame)) {
            Frame.text(html, "tick", "end", frame.x().end(), Frame.TOP - 12, "the first steps lie above ↑");
        }
        html.close().line();
    }

    private static Axis xAxis(List<Series> drawn) {
        double end = Frame.WIDTH - EndLabels.room(drawn);
        double most = values(drawn, true).max().orElse(1);
        return Axis.exact(0, most > 0 ? most : 1, Frame.LEFT, end, 5);
    }

    /** From the least value to the greatest, but the steep fall of the first steps may not press all else flat. */
    private static Axis yAxis(List<Series> drawn) {
        double[] sorted = values(drawn, false).sorted().toArray();
        double low = sorted[(int) (0.01 * (sorted.length - 1))];
        double high = sorted[(int) (0.99 * (sorted.length - 1))];
        double usual = sorted[(int) (0.85 * (sorted.length - 1))];
        if (high - low > 4 * (usual - low) && usual > low) {
            high = low + 1.5 * (usual - low);
        }
        List<Series> marked = drawn.stream().filter(s -> s.look().isMarked()).toList(); // these few are never cut
        low = Math.min(low, values(marked, false).min().orElse(low));
        high = Math.max(high, values(marked, false).max().orElse(high));
        return Axis.rounded(low, high, BOTTOM, Frame.TOP, 5);
    }

    private static DoubleStream values(List<Series> drawn, boolean ofX) {
        return drawn.stream().flatMap(s -> s.points().stream()).mapToDouble(point -> ofX ? point.x() : point.y());
    }

    private static boolean cutOff(List<Series> drawn, Frame frame) {
        return drawn.stream()
                .filter(s -> s.look() == Look.LINE)
                .flatMap(s -> s.points().stream())
                .anyMatch(point -> point.y() > frame.y().high());
    }

    private static void clip(Html html, String id, Frame frame) {
        html.open("clipPath", "id", id);
        html.leaf(
                "rect",
                "x",
                Numbers.coordinate(frame.x().start()),
                "y",
                Numbers.coordinate(frame.y().end() - 4),
                "width",
                Numbers.coordinate(frame.x().end() - frame.x().start() + 4),
                "height",
                Numbers.coordinate(frame.y().start() - frame.y().end() + 8));
        html.close();
    }

    private static void curve(Html html, Series series, Frame frame) {
        if (series.look() == Look.MARKERS) {
            return;
        }
        String points = series.points().stream()
                .map(point -> Numbers.coordinate(frame.x().place(point.x())) + ","
                        + Numbers.coordinate(frame.y().place(point.y())))
                .collect(Collectors.joining(" "));
        String look = series.look().name().toLowerCase(java.util.Locale.ROOT);
        String dash = series.look() == Look.MARKED ? series.colour().dash() : ""; // noise and dashes make a mess
        html.leaf(
                "polyline",
                "class",
                "curve " + look + " " + series.colour().cssClass(),
                "stroke-dasharray",
                dash,
                "points",
                points);
    }

    private static void spots(Html html, Series series, Frame frame) {
        List<Point> points = series.points();
        int every = series.look().isMarked() ? 1 : Math.max(1, points.size() / SPOTS);
        for (int i = points.size() - 1; i >= 0; i -= every) {
            Point point = points.get(i);
            double x = frame.x().place(point.x());
            double y = frame.y().place(point.y());
            if (y < frame.y().end() - 4 || series.look() == Look.FAINT) {
                continue;
            }
            if (series.look().isMarked()) {
                Frame.marker(html, series.colour(), x, y, point.hover());
            } else {
                Frame.hover(html, x, y, point.hover());
            }
        }
    }
}
