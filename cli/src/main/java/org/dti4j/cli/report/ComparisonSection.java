package org.dti4j.cli.report;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.dti4j.cli.report.IntervalPlot.Kind;
import org.dti4j.cli.report.IntervalPlot.Row;
import org.dti4j.cli.report.ReportModel.Difference;
import org.dti4j.cli.report.ReportModel.Measure;
import org.dti4j.metric.Metrics;

/** Who won: the verdict in words, intervals drawn on one scale, the table of all metrics. */
final class ComparisonSection {
    private static final List<Column> COLUMNS = List.of(
            new Column(
                    "AUC",
                    "area under the ROC curve, ties counted half; 95 % interval by DeLong",
                    true,
                    Metrics::auc,
                    test -> Numbers.interval(test.aucLow(), test.aucHigh())),
            new Column(
                    "Log loss",
                    "natural logarithm; 95 % interval by bootstrap over users",
                    false,
                    Metrics::logLoss,
                    test -> Numbers.interval(test.logLossLow(), test.logLossHigh())),
            new Column("F1", "at 0.5", true, Metrics::f1, test -> ""),
            new Column("Accuracy", "at 0.5", true, Metrics::accuracy, test -> ""),
            new Column(
                    "Calibration error",
                    "expected calibration error, 15 bins of equal width",
                    false,
                    Metrics::calibrationError,
                    test -> ""));

    private final ReportModel model;
    private final List<Scored> rows;

    private ComparisonSection(ReportModel model) {
        this.model = model;
        this.rows = Scored.all(model);
    }

    static void draw(Html html, ReportModel model) {
        new ComparisonSection(model).draw(html);
    }

    /** A metric, where the best value stands, and what is said beside a value. */
    private record Column(
            String name,
            String explanation,
            boolean moreIsBetter,
            ToDoubleFunction<Metrics> value,
            Function<Metrics, String> interval) {

        double best(List<Scored> rows) {
            double[] sorted = rows.stream()
                    .mapToDouble(row -> value.applyAsDouble(row.test()))
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? Double.NaN : sorted[moreIsBetter ? sorted.length - 1 : 0];
        }
    }

    private void draw(Html html) {
        html.open("ul", "class", "verdict");
        Verdict.of(model).forEach(sentence -> html.element("li", sentence));
        html.close().line();
        html.open("div", "class", "plots");
        html.open("figure").element("figcaption", "AUC on the test part, with 95 % intervals (grey: baselines)");
        new IntervalPlot("AUC with 95 % intervals", "AUC", Kind.VALUE, aucRows()).draw(html);
        html.close();
        html.open("div", "class", "stack");
        for (Measure measure : Measure.values()) {
            differences(html, measure);
        }
        html.close().close().line();
        table(html);
    }

    private List<Row> aucRows() {
        return rows.stream()
                .map(row -> new Row(
                        row.name().length() <= 34 ? row.name() : row.name().substring(0, 33) + "…",
                        row.cssClass(),
                        row.test().auc(),
                        row.test().aucLow(),
                        row.test().aucHigh()))
                .toList();
    }

    private void differences(Html html, Measure measure) {
        List<Row> differences = model.differences().stream()
                .filter(difference -> difference.measure() == measure)
                .map(this::row)
                .toList();
        if (differences.isEmpty()) {
            return;
        }
        html.open("figure").element("figcaption", "Paired differences in " + measure.title() + ", same targets");
        String better = measure.moreIsBetter() ? "first is better →" : "← first is better";
        Kind kind = measure.moreIsBetter() ? Kind.GAIN : Kind.COST;
        new IntervalPlot("Paired differences in " + measure.title(), better, kind, differences).draw(html);
        html.close();
    }

    private Row row(Difference difference) {
        String colour = rows.stream()
                .filter(row -> row.name().equals(difference.first()))
                .map(Scored::cssClass)
                .findFirst()
                .orElse("c-baseline");
        return new Row(
                Frame.shortened(difference.first()) + " − " + Frame.shortened(difference.second()),
                colour,
                difference.paired().difference(),
                difference.paired().low(),
                difference.paired().high());
    }

    private void table(Html html) {
        html.open("table", "class", "comparison").open("thead").open("tr");
        html.element("th", "", "scope", "col");
        for (Column column : COLUMNS) {
            String arrow = column.moreIsBetter() ? " ↑" : " ↓";
            html.element("th", column.name() + arrow, "scope", "col", "title", column.explanation());
        }
        html.element("th", "Trained on", "scope", "col");
        html.close().close().line().open("tbody");
        rows.forEach(row -> tableRow(html, row));
        html.close().close().line();
        Metrics test = rows.get(0).test();
        String caption =
                "Test part: %s targets, %s of them positive. ● marks the best of a column (↑ more, ↓ less is better), "
                        + "baselines included. Brackets: 95 %% intervals, by DeLong for AUC, by bootstrap over users for log loss. "
                        + "F1 and accuracy at 0.5.";
        html.element(
                "p",
                caption.formatted(Numbers.count(test.targets()), Numbers.count(test.positives())),
                "class",
                "caption");
    }

    private void tableRow(Html html, Scored row) {
        html.open("tr", "class", row.isBaseline() ? "baseline" : "");
        html.open("th", "scope", "row");
        if (row.run() != null) {
            Legend.swatch(html, row.run().colour());
        }
        html.text(row.name());
        if (row.isBaseline()) {
            html.element("small", "baseline");
        }
        html.close();
        COLUMNS.forEach(column -> cell(html, row, column));
        html.open("td", "data-label", "Trained on");
        if (row.run() != null) {
            html.text(Numbers.count(row.run().targets()) + " targets");
            html.element("small", trainingTime(row.run()));
        } else {
            html.text(Numbers.UNDEFINED);
        }
        html.close().close().line();
    }

    private static String trainingTime(ReportRun run) {
        String time = Numbers.duration(run.seconds());
        return run.targets() > 0
                ? time + ", " + Numbers.decimals(1000 * run.seconds() / run.targets(), 2) + " ms each"
                : time;
    }

    private void cell(Html html, Scored row, Column column) {
        double value = column.value().applyAsDouble(row.test());
        boolean best = Numbers.score(value).equals(Numbers.score(column.best(rows))) && Double.isFinite(value);
        html.open("td", "class", best ? "best" : "", "data-label", column.name());
        html.element("b", Numbers.score(value));
        String interval = column.interval().apply(row.test());
        if (!interval.isEmpty() && Double.isFinite(value)) {
            html.element("small", interval);
        }
        html.close();
    }
}
