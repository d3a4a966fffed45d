package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dti4j.metric.Calibration;
import org.dti4j.metric.Interval;
import org.dti4j.metric.Predictions;

/** Predicted probability against the share of positives, and below it how many targets each bin holds. */
final class CalibrationPlot {
    private static final double SIDE = 250;
    private static final double BOTTOM = Frame.TOP + SIDE;
    private static final double COUNTS_TOP = BOTTOM + 62;
    private static final double COUNTS_BOTTOM = COUNTS_TOP + 60;

    private record Curve(ReportRun run, Calibration calibration) {}

    private CalibrationPlot() {}

    static void draw(Html html, List<ReportRun> runs) {
        List<Curve> curves = new ArrayList<>();
        for (ReportRun run : runs) {
            Predictions predictions = run.predictions();
            if (predictions != null && predictions.targets() > 0) {
                curves.add(new Curve(run, Calibration.of(predictions)));
            }
        }
        Axis x = Axis.exact(0, 1, Frame.LEFT, Frame.WIDTH - 24, 5);
        Frame frame = new Frame(x, Axis.exact(0, 1, BOTTOM, Frame.TOP, 5));
        Frame.begin(html, COUNTS_BOTTOM + 22, "Calibration on the test part");
        frame.draw(html, Numbers::trimmed, Numbers::trimmed, "predicted probability", "share of positives");
        Frame.line(
                html,
                "diagonal",
                x.place(0),
                frame.y().place(0),
                x.place(1),
                frame.y().place(1));
        curves.forEach(curve -> curve(html, curve, frame));
        counts(html, curves, x);
        html.close().line();
    }

    private static void curve(Html html, Curve curve, Frame frame) {
        RunColour colour = curve.run().colour();
        List<Calibration.Bin> bins = curve.calibration().bins();
        for (Calibration.Bin bin : bins) {
            Interval interval = bin.observedInterval();
            double x = frame.x().place(bin.predicted());
            Frame.line(
                    html,
                    "spread " + colour.cssClass(),
                    x,
                    frame.y().place(interval.low()),
                    x,
                    frame.y().place(interval.high()));
        }
        html.leaf(
                "polyline",
                "class",
                "curve marked " + colour.cssClass(),
                "stroke-dasharray",
                colour.dash(),
                "points",
                bins.stream()
                        .map(bin -> Numbers.coordinate(frame.x().place(bin.predicted())) + ","
                                + Numbers.coordinate(frame.y().place(bin.observed())))
                        .collect(Collectors.joining(" ")));
        for (Calibration.Bin bin : bins) {
            String text = "%s: %s targets, predicted %s, positive %s"
                    .formatted(
                            curve.run().name(),
                            Numbers.count(bin.targets()),
                            Numbers.decimals(bin.predicted(), 3),
                            Numbers.decimals(bin.observed(), 3));
            Frame.marker(
                    html, colour, frame.x().place(bin.predicted()), frame.y().place(bin.observed()), text);
        }
    }

    /** Bars of all runs side by side in each bin. */
    private static void counts(Html html, List<Curve> curves, Axis x) {
        int most = curves.stream()
                .flatMap(curve -> curve.calibration().bins().stream())
                .mapToInt(Calibration.Bin::targets)
                .max()
                .orElse(1);
        Axis y = Axis.exact(0, most, COUNTS_BOTTOM, COUNTS_TOP, 2);
        for (double tick : y.ticks()) {
            Frame.line(html, "grid", x.start(), y.place(tick), x.end(), y.place(tick));
            Frame.text(html, "tick", "end", x.start() - 6, y.place(tick) + 4, Numbers.compact(tick));
        }
        Frame.text(html, "name", "start", 2, COUNTS_TOP - 12, "targets per bin");
        for (int run = 0; run < curves.size(); run++) {
            for (Calibration.Bin bin : curves.get(run).calibration().bins()) {
                bar(html, curves, run, bin, x, y);
            }
        }
        Frame.line(html, "axis", x.start(), COUNTS_BOTTOM, x.end(), COUNTS_BOTTOM);
    }

    private static void bar(Html html, List<Curve> curves, int run, Calibration.Bin bin, Axis x, Axis y) {
        double gap = 3;
        double width = (x.place(bin.high()) - x.place(bin.low()) - gap) / curves.size();
        double left = x.place(bin.low()) + gap / 2 + run * width;
        double top = y.place(bin.targets());
        html.open(
                "rect",
                "class",
                "bar " + curves.get(run).run().colour().cssClass(),
                "x",
                Numbers.coordinate(left),
                "y",
                Numbers.coordinate(top),
                "width",
                Numbers.coordinate(width),
                "height",
                Numbers.coordinate(COUNTS_BOTTOM - top));
        html.element(
                "title",
                "%s: %s targets from %s to %s"
                        .formatted(
                                curves.get(run).run().name(),
                                Numbers.count(bin.targets()),
                                Numbers.decimals(bin.low(), 2),
                                Numbers.decimals(bin.high(), 2)));
        html.close();
    }
}
