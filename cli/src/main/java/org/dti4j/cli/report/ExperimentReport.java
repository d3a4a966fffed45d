package org.dti4j.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.dti4j.cli.report.ExperimentModel.Comparison;
import org.dti4j.cli.report.ExperimentModel.Row;
import org.dti4j.cli.report.ExperimentModel.Seed;
import org.dti4j.cli.report.ExperimentModel.Spread;
import org.dti4j.cli.report.IntervalPlot.Kind;
import org.dti4j.cli.report.LinePlot.Look;
import org.dti4j.cli.report.LinePlot.Point;
import org.dti4j.cli.report.LinePlot.Series;

/** Makes an {@link ExperimentModel} into one HTML file that needs nothing else. */
public final class ExperimentReport {
    private final ExperimentModel model;
    private final Html html = new Html();

    private ExperimentReport(ExperimentModel model) {
        this.model = model;
    }

    /** The document; it is well-formed XML too. */
    public static String render(ExperimentModel model) {
        return new ExperimentReport(model).render();
    }

    /** Writes the report as a whole, or leaves {@code file} as it was. */
    public static void write(ExperimentModel model, Path file) {
        Page.write(render(model), file);
    }

    private String render() {
        Page.begin(html, model.title());
        html.open("header").element("h1", model.title());
        html.element("p", lead(), "class", "lead");
        html.open("ul", "class", "remarks");
        model.remarks().forEach(remark -> html.element("li", remark));
        html.close().close().line();
        Page.section(html, "quality", "Quality on the test part", () -> new ExperimentTables(html, model).quality());
        Map<String, List<List<Row>>> curves = model.curves();
        for (String xName : curves.keySet()) {
            Page.section(
                    html,
                    "curve-" + xName.replace(' ', '-'),
                    "Quality against " + xName,
                    () -> curves(xName, curves.get(xName)));
        }
        if (!model.comparisons().isEmpty()) {
            Page.section(html, "differences", "Paired differences", this::differences);
        }
        Page.section(html, "time", "Time to convergence", () -> new ExperimentTables(html, model).time());
        Page.section(html, "run", "What was run", () -> HtmlReport.facts(html, model.facts()));
        Page.section(html, "provenance", "Provenance", () -> HtmlReport.facts(html, model.provenance()));
        return Page.end(html);
    }

    private String lead() {
        return model.finished() < model.cells()
                ? "Unfinished: %d of %d runs. The same command goes on.".formatted(model.finished(), model.cells())
                : "%d runs.".formatted(model.cells());
    }

    private void curves(String xName, List<List<Row>> curves) {
        html.open("div", "class", "plots");
        curve(xName, curves, "AUC", seed -> seed.test().auc());
        curve(xName, curves, "log loss", seed -> seed.test().logLoss());
        html.close().line();
        html.element("p", "Lines join the means over seeds; each seed is a dot.", "class", "caption");
    }

    private void curve(String xName, List<List<Row>> curves, String measure, ToDoubleFunction<Seed> value) {
        List<Series> series = new ArrayList<>();
        double most = curves.stream()
                .flatMap(List::stream)
                .mapToDouble(ExperimentReport::x)
                .max()
                .orElse(1);
        int colour = 0;
        for (List<Row> curve : curves) {
            RunColour own = RunColour.of(colour++);
            series.add(new Series("", own, Look.MARKERS, seeds(curve, value)));
            series.add(new Series(name(curve), own, Look.MARKED, means(curve, value)));
        }
        for (Row row : model.rows()) {
            if (row.x() == null && row.isMeasured()) {
                Point mean = mean(row, 0, value);
                series.add(new Series(
                        row.name(),
                        RunColour.of(colour++),
                        Look.LINE,
                        List.of(mean, new Point(most, mean.y(), mean.hover()))));
            }
        }
        html.open("figure").element("figcaption", "Test " + measure);
        new LinePlot("Test " + measure + " against " + xName, xName, measure, Numbers::compact, series).draw(html);
        html.close();
    }

    private static double x(Row row) {
        return Objects.requireNonNull(row.x());
    }

    /** What the names of a curve's rows have in common, up to a comma. */
    private static String name(List<Row> curve) {
        String first = curve.get(0).name();
        int comma = first.indexOf(',');
        String before = comma < 0 ? first : first.substring(0, comma);
        return curve.stream().allMatch(row -> row.name().startsWith(before + ","))
                ? before
                : curve.get(0).family();
    }

    private static Point mean(Row row, double x, ToDoubleFunction<Seed> value) {
        Spread spread = row.spread(value);
        return new Point(x, spread.mean(), row.name() + ": " + ExperimentTables.spread(spread));
    }

    private static List<Point> means(List<Row> curve, ToDoubleFunction<Seed> value) {
        return curve.stream().map(row -> mean(row, x(row), value)).toList();
    }

    private static List<Point> seeds(List<Row> curve, ToDoubleFunction<Seed> value) {
        List<Point> points = new ArrayList<>();
        for (Row row : curve) {
            for (Seed seed : row.seeds()) {
                double y = value.applyAsDouble(seed);
                points.add(
                        new Point(x(row), y, "%s, seed %d: %s".formatted(row.name(), seed.seed(), Numbers.score(y))));
            }
        }
        return points;
    }

    private void differences() {
        List<IntervalPlot.Row> aucs = new ArrayList<>();
        List<IntervalPlot.Row> losses = new ArrayList<>();
        for (Comparison comparison : model.comparisons()) {
            String name = model.row(comparison.first()).name() + " − "
                    + model.row(comparison.second()).name();
            aucs.add(new IntervalPlot.Row(
                    name,
                    RunColour.BLUE.cssClass(),
                    comparison.auc().difference(),
                    comparison.auc().low(),
                    comparison.auc().high()));
            losses.add(new IntervalPlot.Row(
                    name,
                    RunColour.BLUE.cssClass(),
                    comparison.logLoss().difference(),
                    comparison.logLoss().low(),
                    comparison.logLoss().high()));
        }
        html.open("div", "class", "plots").open("figure").element("figcaption", "AUC: first minus second");
        new IntervalPlot("Differences in AUC", "first is better →", Kind.GAIN, aucs).draw(html);
        html.close().open("figure").element("figcaption", "Log loss: first minus second");
        new IntervalPlot("Differences in log loss", "← first is better", Kind.COST, losses).draw(html);
        html.close().close().line();
        html.element(
                "p",
                "Differences of the means over seeds, on the same targets, with 95 % intervals: by DeLong for AUC, which takes targets as "
                        + "independent; by bootstrap over users for log loss. They say how sure the difference between these trained "
                        + "models is; how much training varies by seed is the ± of the table.",
                "class",
                "caption");
    }
}
