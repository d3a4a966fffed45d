package org.dti4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dti4j.cli.Experiment.FinishedCell;
import org.dti4j.cli.experiment.Cell;
import org.dti4j.cli.experiment.Cells;
import org.dti4j.cli.experiment.Variant;
import org.dti4j.cli.terminal.Table;
import org.jspecify.annotations.Nullable;

/** The table of an experiment on a terminal: what is finished, what runs, what waits. */
final class ExperimentText {
    private static final String WAITS = "·";
    private static final String RUNS = "…";
    private static final String DIVERGED = "(diverged)";

    private ExperimentText() {}

    static String of(Experiment experiment, @Nullable Cell running) {
        Cells cells = experiment.cells();
        List<Long> seeds = cells.grid().seeds();
        List<String> head = new ArrayList<>(List.of("test AUC"));
        if (cells.rates().size() > 1) {
            head.add("rate (validation AUC)");
        }
        seeds.forEach(seed -> head.add("seed " + seed));
        head.add("mean");
        Table table = Table.of(head.toArray(String[]::new));
        for (Variant variant : cells.grid().variants()) {
            List<String> row = new ArrayList<>(List.of(variant.name()));
            if (cells.rates().size() > 1) {
                row.add(search(experiment, variant, running));
            }
            List<FinishedCell> chosen = experiment.chosen(variant);
            for (long seed : seeds) {
                row.add(chosen.stream()
                        .filter(each -> each.cell().seed() == seed)
                        .map(each -> number(each.metrics().test().auc()))
                        .findFirst()
                        .orElse(runs(running, variant, seed) ? RUNS : WAITS));
            }
            double mean = chosen.stream()
                    .mapToDouble(each -> each.metrics().test().auc())
                    .average()
                    .orElse(Double.NaN);
            row.add(Double.isNaN(mean) ? WAITS : number(mean));
            table.row(row.toArray(String[]::new));
        }
        return table.toString();
    }

    /** The chosen rate, or what is known of each. */
    private static String search(Experiment experiment, Variant variant, @Nullable Cell running) {
        return experiment
                .best(variant)
                .map(best -> String.valueOf(best.rate()))
                .orElseGet(() -> experiment.cells().rates().stream()
                        .map(rate -> tried(experiment, variant, rate, running))
                        .collect(Collectors.joining(" ")));
    }

    private static String tried(Experiment experiment, Variant variant, @Nullable Double rate, @Nullable Cell running) {
        Cell cell = experiment
                .cells()
                .cell(variant, rate, experiment.cells().grid().seeds().get(0));
        return rate
                + experiment
                        .at(cell)
                        .map(each -> " (" + number(each.metrics().validation().auc()) + ")")
                        .orElse(" " + (experiment.isDiverged(cell) ? DIVERGED : cell.equals(running) ? RUNS : WAITS));
    }

    private static boolean runs(@Nullable Cell running, Variant variant, long seed) {
        return running != null && running.variant().equals(variant) && running.seed() == seed;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
