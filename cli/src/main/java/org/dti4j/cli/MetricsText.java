package org.dti4j.cli;

import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.dti4j.cli.report.ExperimentModel.Spread;
import org.dti4j.cli.terminal.Table;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;

/** Metrics for people, with their 95 % intervals. */
final class MetricsText {
    private MetricsText() {}

    /** A row for each named evaluation. */
    static String table(String head, Map<String, Metrics> evaluations) {
        Table table =
                Table.of(head, "AUC", "95 %", "log loss", "95 %", "F1", "accuracy", "calibration error", "targets");
        evaluations.forEach((name, metrics) -> table.row(
                name,
                number(metrics.auc()),
                interval(metrics.aucLow(), metrics.aucHigh()),
                number(metrics.logLoss()),
                interval(metrics.logLossLow(), metrics.logLossHigh()),
                number(metrics.f1()),
                number(metrics.accuracy()),
                number(metrics.calibrationError()),
                String.format(Locale.ROOT, "%,d", metrics.targets())));
        return table.toString();
    }

    /** A row for each named difference; the head says of what. */
    static String differences(String head, Map<String, PairedDifference> differences) {
        Table table = Table.of(head, "difference", "95 %", "p");
        differences.forEach((name, difference) -> table.row(
                name,
                number(difference.difference()),
                interval(difference.low(), difference.high()),
                number(difference.pValue())));
        return table.toString();
    }

    /** A row for each named model: its AUC by seed, and what varies with the seed. */
    static String seeds(Map<String, Map<Long, Metrics>> models) {
        Table table = Table.of("test AUC by seed", "mean", "deviation", "log loss, mean", "seed: AUC");
        models.forEach((name, bySeed) -> {
            Spread auc = spread(bySeed, Metrics::auc);
            table.row(
                    name,
                    number(auc.mean()),
                    number(auc.deviation()),
                    number(spread(bySeed, Metrics::logLoss).mean()),
                    bySeed.entrySet().stream()
                            .map(each -> each.getKey() + ": "
                                    + number(each.getValue().auc()))
                            .collect(Collectors.joining(", ")));
        });
        return table.toString();
    }

    private static Spread spread(Map<Long, Metrics> bySeed, ToDoubleFunction<Metrics> value) {
        return Spread.of(bySeed.values().stream().mapToDouble(value).toArray());
    }

    private static String interval(double low, double high) {
        return Double.isNaN(low) ? "-" : number(low) + " to " + number(high);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
