package org.dti4j.cli.report;

import java.util.List;
import java.util.stream.Collectors;
import org.dti4j.metric.Predictions;
import org.dti4j.metric.RocCurve;

/** The ROC curves of all runs that kept their predictions. */
final class RocPlot {
    private static final double SIDE = 376;
    private static final double BOTTOM = Frame.TOP + SIDE;
    private static final int SPOTS = 24;

    private RocPlot() {}

    static void draw(Html html, List<ReportRun> runs) {
        Frame frame =
                new Frame(Axis.exact(0, 1, Frame.LEFT, Frame.LEFT + SIDE, 5), Axis.exact(0, 1, BOTTOM, Frame.TOP, 5));
        Frame.begin(html, BOTTOM + 42, "ROC curves of the test part");
        frame.draw(html, Numbers::trimmed, Numbers::trimmed, "false positive rate", "true positive rate");
        Frame.line(
                html,
                "diagonal",
                frame.x().place(0),
                frame.y().place(0),
                frame.x().place(1),
                frame.y().place(1));
        int drawn = 0;
        for (ReportRun run : runs) {
            if (curve(html, run, frame)) {
                key(html, run, frame, drawn++);
            }
        }
        html.close().line();
    }

    private static boolean curve(Html html, ReportRun run, Frame frame) {
        Predictions predictions = run.predictions();
        List<RocCurve.Point> points =
                predictions == null ? List.of() : RocCurve.of(predictions).points();
        if (points.isEmpty()) {
            return false;
        }
        html.leaf(
                "polyline",
                "class",
                "curve line " + run.colour().cssClass(),
                "stroke-dasharray",
                run.colour().dash(),
                "points",
                points.stream()
                        .map(point -> Numbers.coordinate(frame.x().place(point.falsePositiveRate())) + ","
                                + Numbers.coordinate(frame.y().place(point.truePositiveRate())))
                        .collect(Collectors.joining(" ")));
        for (int i = 1; i < points.size() - 1; i += Math.max(1, points.size() / SPOTS)) {
            RocCurve.Point point = points.get(i);
            String text = "%s: at P ≥ %s, %s of the positives and %s of the negatives"
                    .formatted(
                            run.name(),
                            Numbers.decimals(point.threshold(), 3),
                            percent(point.truePositiveRate()),
                            percent(point.falsePositiveRate()));
            Frame.hover(
                    html, frame.x().place(point.falsePositiveRate()), frame.y().place(point.truePositiveRate()), text);
        }
        return true;
    }

    private static String percent(double share) {
        return Numbers.decimals(100 * share, 1) + " %";
    }

    /** Curves of good runs lie close together, so their names stand in the empty corner. */
    private static void key(Html html, ReportRun run, Frame frame, int row) {
        double x = frame.x().place(0.47);
        double y = frame.y().place(0.3) + 22 * row;
        html.leaf(
                "line",
                "class",
                "curve line " + run.colour().cssClass(),
                "stroke-dasharray",
                run.colour().dash(),
                "x1",
                Numbers.coordinate(x),
                "x2",
                Numbers.coordinate(x + 30),
                "y1",
                Numbers.coordinate(y - 4.5),
                "y2",
                Numbers.coordinate(y - 4.5));
        String text =
                Frame.shortened(run.name()) + "  " + Numbers.score(run.test().auc());
        Frame.text(html, "label " + run.colour().cssClass(), "start", x + 37, y, text);
    }
}
