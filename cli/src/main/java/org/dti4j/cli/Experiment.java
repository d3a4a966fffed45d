package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.cli.experiment.Cell;
import org.dti4j.cli.experiment.Cells;
import org.dti4j.cli.experiment.Grid;
import org.dti4j.cli.experiment.Variant;
import org.dti4j.cli.terminal.LiveTable;
import org.dti4j.data.PreparedData;
import org.dti4j.problem.UserException;
import org.dti4j.run.Catalogues;
import org.dti4j.run.Provenance;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.RunMetrics;
import org.dti4j.run.TrainingJob;
import org.dti4j.train.DivergedException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cells of a grid that are not finished: first every rate of every row at the first seed, then the rate that validation chose at
 * the others, seed by seed, so that a stopped experiment has something to compare.
 */
final class Experiment {
    private final Cells cells;
    private final LiveTable table;
    private final BooleanSupplier interruption;
    private final Runnable report;
    private final Map<Path, FinishedCell> finished = new LinkedHashMap<>();
    private final Set<Path> diverged = new HashSet<>();
    private final Map<Path, PreparedData> prepared = new HashMap<>();
    private final Catalogues catalogues = new Catalogues();
    private @Nullable Cell running;

    /** A cell and what became of it. */
    record FinishedCell(Cell cell, RunMetrics metrics) {}

    /** @param report called whenever a cell is finished */
    Experiment(
            Cells cells,
            LiveTable table,
            BooleanSupplier interruption,
            java.util.function.Consumer<Experiment> report) {
        this.cells = cells;
        this.table = table;
        this.interruption = interruption;
        this.report = () -> report.accept(this);
    }

    /**
     * Runs what is to be run; false when it was interrupted.
     *
     * @throws UserException before anything runs, if a cell's folder holds another run, or one on other data; after all, if a row diverged at
     *     every rate
     */
    boolean run() {
        check();
        Grid grid = cells.grid();
        long first = grid.seeds().get(0);
        for (Variant variant : grid.variants()) {
            for (Double rate : cells.rates()) {
                if (!run(cells.cell(variant, rate, first))) {
                    return false;
                }
            }
        }
        for (long seed : grid.seeds().subList(1, grid.seeds().size())) {
            for (Variant variant : grid.variants()) {
                Optional<Cell> best = best(variant);
                if (best.isPresent() && !run(cells.cell(variant, best.get().rate(), seed))) {
                    return false;
                }
            }
        }
        requireRates();
        return true;
    }

    private void requireRates() {
        List<String> problems = cells.grid().variants().stream()
                .filter(variant -> best(variant).isEmpty())
                .map(variant -> "rates = %s: training of %s diverged at each, must have a smaller one"
                        .formatted(cells.rates(), variant.id()))
                .toList();
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
    }

    /** Every cell whose folder holds a run must have been begun with the configuration that it would run with now. */
    private void check() {
        List<String> problems = new ArrayList<>();
        for (Cell cell : cells.all()) {
            RunFiles files = new RunFiles(cell.config().out());
            if (RunFolder.holdsAnother(cell.config())) {
                problems.add(
                        "%s: was made with another configuration than this one (its config.yaml says which), must be the same to be taken as finished or to go on; remove the folder, or name another with --set out=…"
                                .formatted(files.folder()));
            } else if (RunFolder.isBegun(files)) {
                Provenance.read(files).requireData(data(cell.config()).hash(), files.folder());
                take(cell, files);
            }
        }
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
    }

    private void take(Cell cell, RunFiles files) {
        if (Files.exists(files.metrics())) {
            finished.put(files.folder(), new FinishedCell(cell, RunMetrics.read(files)));
        } else if (isOfSearch(cell) && Files.exists(files.diverged())) {
            diverged.add(files.folder());
        }
    }

    /** Whether it is one of several rates to choose from, so that the others can do without it. */
    private boolean isOfSearch(Cell cell) {
        return cells.rates().size() > 1 && cell.seed() == cells.grid().seeds().get(0);
    }

    private boolean run(Cell cell) {
        RunConfig config = cell.config();
        if (finished.containsKey(config.out()) || isDiverged(cell)) {
            return true;
        }
        running = cell;
        table.show(text());
        RunFiles files = new RunFiles(config.out());
        table.say("Training %s".formatted(files.folder().getFileName()));
        RunMetrics metrics;
        try {
            metrics = new TrainingJob(config, data(config), new ProcessHost(), table.progress())
                    .catalogues(catalogues)
                    .notes(table::say)
                    .configuration(RunConfigs.write(config))
                    .run(Files.exists(files.config()), interruption)
                    .metrics();
        } catch (DivergedException e) {
            if (!isOfSearch(cell)) {
                throw e;
            }
            diverged.add(config.out());
            table.say("%s diverged, so its learning rate is out: %s"
                    .formatted(files.folder().getFileName(), e.getMessage()));
            return true;
        } finally {
            running = null;
        }
        if (metrics == null) {
            return false;
        }
        finished.put(config.out(), new FinishedCell(cell, metrics));
        table.say(String.format(
                Locale.ROOT,
                "%s: validation AUC %.4f, test AUC %.4f, %,d targets in %.0f s (%d of %d runs)",
                files.folder().getFileName(),
                metrics.validation().auc(),
                metrics.test().auc(),
                metrics.train().targets(),
                metrics.train().seconds(),
                finished(),
                size()));
        report.run();
        table.show(text());
        return true;
    }

    /** The prepared data of a cell: loaded once for all cells that share them. */
    PreparedData data(RunConfig config) {
        return prepared.computeIfAbsent(
                config.prepared(), folder -> new PreparedStore(config, table.progress()).open());
    }

    Cells cells() {
        return cells;
    }

    /** How many runs the grid comes to: all rates at the first seed, one at each other. */
    int size() {
        Grid grid = cells.grid();
        return grid.variants().size() * (cells.rates().size() + grid.seeds().size() - 1);
    }

    /** How many of them need not be run any more; a run at another seed and a rate that was not chosen, left by an earlier search, is none. */
    int finished() {
        long first = cells.grid().seeds().get(0);
        long searched = finished.values().stream()
                .filter(each -> each.cell().seed() == first)
                .count();
        long repeated = cells.grid().variants().stream()
                .flatMap(variant -> chosen(variant).stream())
                .filter(each -> each.cell().seed() != first)
                .count();
        return Math.toIntExact(searched + repeated + diverged.size());
    }

    /** Whether it was tried, and its training left the finite numbers. */
    boolean isDiverged(Cell cell) {
        return diverged.contains(cell.config().out());
    }

    /** The run at the first seed with the best validation AUC, when all rates were tried: the test part has no say. None if all diverged. */
    Optional<Cell> best(Variant variant) {
        long first = cells.grid().seeds().get(0);
        List<FinishedCell> tried = finished.values().stream()
                .filter(each -> each.cell().variant().equals(variant))
                .filter(each -> each.cell().seed() == first)
                .toList();
        long out = cells.rates().stream()
                .filter(rate -> isDiverged(cells.cell(variant, rate, first)))
                .count();
        return tried.size() + out < cells.rates().size()
                ? Optional.empty()
                : tried.stream()
                        .max(Comparator.comparingDouble(Experiment::validationAuc))
                        .map(FinishedCell::cell);
    }

    private static double validationAuc(FinishedCell each) {
        double auc = each.metrics().validation().auc();
        return Double.isNaN(auc) ? 0 : auc; // one class only: nothing to choose by
    }

    /** The finished runs of a row at the rate that was chosen, by seed; none before it is. */
    List<FinishedCell> chosen(Variant variant) {
        return best(variant)
                .map(best -> cells.grid().seeds().stream()
                        .map(seed ->
                                cells.cell(variant, best.rate(), seed).config().out())
                        .filter(finished::containsKey)
                        .map(finished::get)
                        .toList())
                .orElse(List.of());
    }

    /** The table as it stands. */
    String text() {
        return ExperimentText.of(this, running);
    }

    Optional<FinishedCell> at(Cell cell) {
        return Optional.ofNullable(finished.get(cell.config().out()));
    }
}
