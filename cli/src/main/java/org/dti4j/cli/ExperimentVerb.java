package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dti4j.cli.experiment.Cell;
import org.dti4j.cli.experiment.Cells;
import org.dti4j.cli.experiment.Grid;
import org.dti4j.cli.experiment.Variant;
import org.dti4j.cli.report.ExperimentModel;
import org.dti4j.cli.report.ExperimentReport;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.LiveTable;
import org.dti4j.problem.UserException;
import org.dti4j.run.Forecast;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A grid of runs to one table. */
@Command(
        name = "experiment",
        description = {
            "Trains the runs of a grid (rows × seeds, with the same search of the learning rate for every row) and writes a report "
                    + "that compares them. Finished runs are never repeated; the same command goes on where it was stopped.",
            "",
            "A grid is a YAML file, complete in docs/experiments.md:",
            "  base: ../quickstart.yaml       # a run's configuration",
            "  seeds: [1, 2, 3]",
            "  rates: [0.001, 0.003]          # the best on validation at the first seed is taken",
            "  rows:",
            "    sw: {name: SW, set: {method.name: sliding-window, method.targets: 1}}",
            "    dti: {name: \"DTI, k = {method.targets}\", over: {method.targets: [10, 50]}}",
            "  out: ../../runs/mine",
            ""
        },
        footer = {
            "  dti experiment table1",
            "  dti experiment table1 --set base=configs/nano-ml1m.yaml --set train.maxTargets=100000 --set out=runs/table1-ml1m",
            "  dti experiment table1 --dry-run",
            "  dti experiment mine.yaml --set seeds=[1] --json",
            "",
            "table1: SW, DTI- and DTI over k. table3: time to convergence. figure2: DTI- against k. figure3: each remedy alone. "
                    + "methods: SW, DTI-, DTI, DTI with isolated items. equal-targets: the same and more on MovieLens 1M. "
                    + "defaults: what the paper leaves open, one setting at a time."
        })
final class ExperimentVerb extends Verb {
    private static final String NAMES = "table1, table3, figure2, figure3, methods, equal-targets, defaults";

    private final CtrlC ctrlC;

    @Parameters(paramLabel = "NAME|FILE", description = NAMES + ", or a grid in YAML.")
    private String grid;

    @Option(
            names = "--set",
            paramLabel = "key=value",
            description = "Override the grid (base, seeds, rates, out, …) or else the configuration of all its runs "
                    + "(section.key); can be given many times.")
    private List<String> overrides = List.of();

    @Mixin
    private DryRunOptions dryRun;

    ExperimentVerb(Console console, CtrlC ctrlC) {
        super(console);
        this.ctrlC = ctrlC;
    }

    /** What {@code --json} prints. */
    private record Found(ExperimentModel results, String report, boolean interrupted) {}

    @Override
    Result run() {
        Cells cells = Cells.read(file(), overrides, Home.folder());
        if (dryRun.isAsked()) {
            return forecast(cells);
        }
        Path page = cells.grid().out().resolve("report.html");
        ExperimentResults results = new ExperimentResults();
        LiveTable table = new LiveTable(console());
        Experiment experiment =
                new Experiment(cells, table, ctrlC.watch(), some -> ExperimentReport.write(results.of(some), page));
        boolean complete = experiment.run();
        ExperimentModel model = results.of(experiment);
        if (experiment.finished() > 0) {
            ExperimentReport.write(model, page);
        }
        Found found = new Found(model, page.toString(), !complete);
        if (!complete) {
            console().err().println("Stopped; the state is saved. To go on, give the same command again.");
            return new Result(found, null, ExitStatus.INTERRUPTED);
        }
        table.clear(); // the same table is the result
        return Result.done(found, experiment.text() + System.lineSeparator() + page.toUri() + System.lineSeparator());
    }

    /** A run of each row; how many there are of each is the same for all. */
    private Result forecast(Cells cells) {
        Grid grid = cells.grid();
        List<Cell> all = cells.all();
        Map<String, Forecast> rows = new LinkedHashMap<>();
        for (Variant variant : grid.variants()) {
            Cell cell = all.stream()
                    .filter(each -> each.variant().equals(variant))
                    .findFirst()
                    .orElseThrow();
            rows.put(variant.name(), dryRun.forecast(cell.config(), console().progress()));
        }
        int each = cells.rates().size() + grid.seeds().size() - 1;
        String text = String.format(
                Locale.ROOT,
                "%sFor one run of each row; there are %d of each, %d in all (learning rates at the first seed: %d; more seeds: %d).%n",
                DryRunOptions.text(rows),
                each,
                each * rows.size(),
                cells.rates().size(),
                grid.seeds().size() - 1);
        return Result.done(new Counted(each * rows.size(), rows), text);
    }

    /** What {@code --dry-run --json} prints. */
    private record Counted(int runs, Map<String, Forecast> rows) {}

    private Path file() {
        Path named = Home.folder().resolve("configs").resolve("experiments").resolve(grid + ".yaml");
        if (Files.exists(named)) {
            return named;
        }
        Path file = Path.of(grid);
        if (!Files.exists(file)) {
            throw new UserException("%s: no such file, must be %s, or a grid in YAML".formatted(grid, NAMES));
        }
        return file;
    }
}
