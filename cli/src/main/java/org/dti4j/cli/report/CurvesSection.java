package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.dti4j.cli.report.LinePlot.Look;
import org.dti4j.cli.report.LinePlot.Point;
import org.dti4j.cli.report.LinePlot.Series;
import org.dti4j.cli.report.ReportRun.TrainingPoint;
import org.dti4j.cli.report.ReportRun.ValidationPoint;

/** Loss and validation AUC over targets and over time. */
final class CurvesSection {
    private static final int MOST_POINTS = 300;
    private static final int MEANS = 24; // the running mean takes about 1/24 of the steps

    private final List<ReportRun> runs;

    private CurvesSection(List<ReportRun> runs) {
        this.runs = runs;
    }

    static void draw(Html html, List<ReportRun> runs) {
        new CurvesSection(runs).draw(html);
    }

    /** A horizontal axis: what training is counted in. */
    private record Effort(
            String name,
            DoubleFunction<String> text,
            ToDoubleFunction<TrainingPoint> ofTraining,
            ToDoubleFunction<ValidationPoint> ofValidation) {}

    private void draw(Html html) {
        Legend.draw(html, runs);
        html.open("div", "class", "plots");
        Effort targets =
                new Effort("training targets", Numbers::compact, TrainingPoint::targets, ValidationPoint::targets);
        for (Effort effort : List.of(targets, time())) {
            figure(html, "Validation AUC over " + effort.name(), "AUC", effort, auc(effort));
        }
        for (Effort effort : List.of(targets, time())) {
            figure(html, "Loss over " + effort.name(), "loss", effort, loss(effort));
        }
        html.close();
        html.element(
                "p",
                "AUC: of the validation part, after each validation. Loss: the pale line is the training loss of each "
                        + "step (cross-entropy over the whole vocabulary), the strong line its running mean; markers are "
                        + "the log loss of the validation part (of yes against no), which may lie lower for that "
                        + "reason. Time is training alone, without validation.",
                "class",
                "caption");
    }

    private static void figure(Html html, String title, String yName, Effort effort, List<Series> series) {
        html.open("figure").element("figcaption", title);
        new LinePlot(title, effort.name(), yName, effort.text(), series).draw(html);
        html.close().line();
    }

    private Effort time() {
        double longest = Stream.concat(
                        runs.stream().flatMap(run -> run.training().stream()).map(TrainingPoint::seconds),
                        runs.stream().flatMap(run -> run.validation().stream()).map(ValidationPoint::seconds))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        double unit = longest < 180 ? 1 : longest < 7200 ? 60 : 3600;
        String name = unit == 1 ? "seconds of training" : unit == 60 ? "minutes of training" : "hours of training";
        return new Effort(name, Numbers::trimmed, point -> point.seconds() / unit, point -> point.seconds() / unit);
    }

    private List<Series> auc(Effort effort) {
        return runs.stream()
                .map(run -> new Series(
                        Frame.shortened(run.name()), run.colour(), Look.MARKED, validation(run, effort, "AUC")))
                .toList();
    }

    private List<Series> loss(Effort effort) {
        List<Series> series = new ArrayList<>();
        for (ReportRun run : runs) {
            series.add(new Series("", run.colour(), Look.FAINT, training(run, effort, 1)));
        }
        for (ReportRun run : runs) {
            int last = Math.max(1, run.training().size() / MEANS);
            series.add(new Series(Frame.shortened(run.name()), run.colour(), Look.LINE, training(run, effort, last)));
            series.add(new Series("", run.colour(), Look.MARKERS, validation(run, effort, "log loss")));
        }
        return series;
    }

    private static List<Point> validation(ReportRun run, Effort effort, String measure) {
        ToDoubleFunction<ValidationPoint> value =
                measure.equals("AUC") ? ValidationPoint::auc : ValidationPoint::logLoss;
        return run.validation().stream()
                .filter(point -> Double.isFinite(value.applyAsDouble(point)))
                .map(point -> new Point(
                        effort.ofValidation().applyAsDouble(point),
                        value.applyAsDouble(point),
                        "%s: validation %s %s after %s targets, %s"
                                .formatted(
                                        run.name(),
                                        measure,
                                        Numbers.score(value.applyAsDouble(point)),
                                        Numbers.count(point.targets()),
                                        Numbers.duration(point.seconds()))))
                .toList();
    }

    /** The loss of at most {@link #MOST_POINTS} steps, each the mean of the {@code last} steps. */
    private static List<Point> training(ReportRun run, Effort effort, int last) {
        List<TrainingPoint> steps = run.training().stream()
                .filter(point -> Double.isFinite(point.loss()))
                .toList();
        List<Point> points = new ArrayList<>();
        int every = Math.max(1, (steps.size() + MOST_POINTS - 1) / MOST_POINTS);
        for (int i = (steps.size() - 1) % every; i < steps.size(); i += every) {
            double loss = steps.subList(Math.max(0, i + 1 - last), i + 1).stream()
                    .mapToDouble(TrainingPoint::loss)
                    .average()
                    .orElseThrow();
            TrainingPoint step = steps.get(i);
            String hover = "%s: training loss %s after %s targets, %s"
                    .formatted(
                            run.name(),
                            Numbers.score(loss),
                            Numbers.count(step.targets()),
                            Numbers.duration(step.seconds()));
            points.add(new Point(effort.ofTraining().applyAsDouble(step), loss, hover));
        }
        return points;
    }
}
