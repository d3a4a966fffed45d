package org.dti4j.cli.report;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dti4j.cli.report.ExperimentModel.Comparison;
import org.dti4j.cli.report.ExperimentModel.Row;
import org.dti4j.cli.report.ExperimentModel.Seed;
import org.dti4j.cli.report.ExperimentModel.Spread;

/** The tables of an experiment's report; beside each number that the paper gives stands the paper's. */
final class ExperimentTables {
    private static final List<Measure> MEASURES = List.of(
            new Measure("AUC", seed -> seed.test().auc(), PaperResult::auc, true),
            new Measure("Log loss", seed -> seed.test().logLoss(), PaperResult::logLoss, false),
            new Measure("F1", seed -> seed.test().f1(), PaperResult::f1, true));

    private final Html html;
    private final ExperimentModel model;

    ExperimentTables(Html html, ExperimentModel model) {
        this.html = html;
        this.model = model;
    }

    private record Measure(
            String name, ToDoubleFunction<Seed> value, ToDoubleFunction<PaperResult> paper, boolean moreIsBetter) {
        /** The best mean of all rows. */
        double best(List<Row> rows) {
            double[] sorted = rows.stream()
                    .mapToDouble(row -> row.spread(value).mean())
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? Double.NaN : sorted[moreIsBetter ? sorted.length - 1 : 0];
        }
    }

    /** The paper's Table 1. */
    void quality() {
        head("AUC ↑", "Log loss ↓", "F1 ↑", "Rel. improvement", "AUC difference", "Learning rate");
        for (Row row : model.rows()) {
            begin(row);
            for (Measure measure : MEASURES) {
                Spread spread = row.spread(measure.value());
                boolean best = Numbers.score(spread.mean()).equals(Numbers.score(measure.best(model.rows())));
                html.open("td", "class", best ? "best" : "", "data-label", measure.name());
                html.element("b", spread(spread));
                paper(row, measure.paper(), Numbers::score);
                html.close();
            }
            Optional<Comparison> comparison = model.comparison(row);
            cell(
                    "Rel. improvement",
                    comparison.map(each -> percent(each.relativeImprovement())).orElse(Numbers.UNDEFINED),
                    paperImprovement(row));
            cell(
                    "AUC difference",
                    comparison
                            .map(each -> Numbers.signed(each.auc().difference()))
                            .orElse(Numbers.UNDEFINED),
                    comparison
                            .map(each -> Numbers.signedInterval(
                                            each.auc().low(), each.auc().high())
                                    + " against " + model.row(each.second()).name())
                            .orElse(""));
            String rate = row.rate() == null ? "as configured" : Double.toString(row.rate());
            cell("Learning rate", rate, "");
            html.close().line();
        }
        html.close().close().line();
        caption(
                "Mean over seeds ± standard deviation; ● marks the best mean. Relative improvement: (AUC − ½) over that of the row "
                        + "it is compared with, minus 1. Brackets: 95 % interval of the paired difference (DeLong)."
                        + paperCaption());
    }

    /** The paper's Table 3. */
    void time() {
        head("Time to convergence", "Reduction", "Targets", "ms per target", "Reduction", "Eq. 3");
        for (Row row : model.rows()) {
            Row reference = model.reference(row);
            begin(row);
            Spread seconds = row.spread(Seed::seconds);
            html.open("td", "data-label", "Time to convergence").element("b", duration(seconds));
            paper(row, PaperResult::hours, hours -> Numbers.duration(hours * 3600));
            html.close();
            double reduction = reference.spread(Seed::seconds).mean() / seconds.mean();
            cell("Reduction", ratio(reduction), paperReduction(row, reference));
            Spread targets = row.spread(Seed::targets);
            cell("Targets", targets.count() == 0 ? Numbers.UNDEFINED : Numbers.count(Math.round(targets.mean())), "");
            double each = row.spread(Seed::msPerTarget).mean();
            cell("ms per target", Numbers.decimals(each, 2), "");
            cell(
                    "Reduction per target",
                    ratio(reference.spread(Seed::msPerTarget).mean() / each),
                    "");
            cell("Eq. 3", ratio(row.equation3() / reference.equation3()), "");
            html.close().line();
        }
        html.close().close().line();
        caption(
                "Time to convergence: training time until the weights that validation chose, validation not counted; mean over seeds. "
                        + "Eq. 3 predicts the reduction per target, k·n / (n + k); time to convergence also depends on how many targets "
                        + "each needs." + paperCaption());
    }

    private void head(String... columns) {
        html.open("table", "class", "comparison").open("thead").open("tr").element("th", "", "scope", "col");
        for (String column : columns) {
            html.element("th", column, "scope", "col");
        }
        html.close().close().line().open("tbody");
    }

    private void begin(Row row) {
        html.open("tr").open("th", "scope", "row").text(row.name());
        html.element("small", row.seeds().size() + (row.seeds().size() == 1 ? " seed" : " seeds"));
        html.close();
    }

    private void cell(String label, String value, String below) {
        html.open("td", "data-label", label).element("b", value);
        if (!below.isEmpty()) {
            html.element("small", below);
        }
        html.close();
    }

    private void caption(String text) {
        html.element("p", text, "class", "caption");
    }

    private void paper(Row row, ToDoubleFunction<PaperResult> value, java.util.function.DoubleFunction<String> text) {
        if (row.paper() != null && Double.isFinite(value.applyAsDouble(row.paper()))) {
            html.element("small", "paper " + text.apply(value.applyAsDouble(row.paper())));
        }
    }

    private String paperImprovement(Row row) {
        PaperResult own = row.paper();
        PaperResult other = model.reference(row).paper();
        return own == null || other == null || model.comparison(row).isEmpty()
                ? ""
                : "paper " + percent((own.auc() - .5) / (other.auc() - .5) - 1);
    }

    private static String paperReduction(Row row, Row reference) {
        PaperResult own = row.paper();
        PaperResult other = reference.paper();
        return own == null || other == null || !Double.isFinite(other.hours() / own.hours())
                ? ""
                : "paper " + ratio(other.hours() / own.hours());
    }

    private String paperCaption() {
        return model.paper() == null
                ? ""
                : " Paper: Llama-3.1-8B on %s, one A100; its numbers are of another model and split, so read the differences."
                        .formatted(model.paper().title());
    }

    static String spread(Spread spread) {
        return Double.isFinite(spread.deviation())
                ? Numbers.score(spread.mean()) + " ± " + Numbers.score(spread.deviation())
                : Numbers.score(spread.mean());
    }

    private static String duration(Spread spread) {
        return Double.isFinite(spread.deviation())
                ? Numbers.duration(spread.mean()) + " ± " + Numbers.duration(spread.deviation())
                : Numbers.duration(spread.mean());
    }

    private static String percent(double share) {
        return Double.isFinite(share)
                ? (share < 0 ? "−" : "+") + Numbers.decimals(Math.abs(100 * share), 2) + " %"
                : Numbers.UNDEFINED;
    }

    private static String ratio(double value) {
        return Double.isFinite(value) ? Numbers.ratio(value) : Numbers.UNDEFINED;
    }
}
