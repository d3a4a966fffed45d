package org.dti4j.cli.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dti4j.cli.config.ConfigReader;
import org.dti4j.cli.config.ConfigSource;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import org.jspecify.annotations.Nullable;

/** A grid and the configurations of its cells. */
public final class Cells {
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
    private static final Set<String> GRID_KEYS = Arrays.stream(Grid.class.getRecordComponents())
            .map(each -> each.getName())
            .collect(Collectors.toSet());

    private final Grid grid;
    private final List<String> overrides;
    private final Path root;

    private Cells(Grid grid, List<String> overrides, Path root) {
        this.grid = grid;
        this.overrides = overrides;
        this.root = root;
    }

    /**
     * Reads a grid.
     *
     * @param sets {@code key=value}: of the grid where it has that key, else of every run's configuration
     * @param root of the project, where the bundled data and configurations are
     */
    public static Cells read(Path file, List<String> sets, Path root) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        Grid defaults = new Grid(
                name,
                root.resolve("configs").resolve("quickstart.yaml"),
                Map.of(),
                SEEDS,
                List.of(),
                Map.of("base", GridRow.defaults()),
                null,
                Path.of("runs", name).toAbsolutePath());
        Map<Boolean, List<String>> kinds = sets.stream()
                .collect(Collectors.partitioningBy(set -> GRID_KEYS.contains(key(set).split("\\.", -1)[0])));
        Grid grid = ConfigReader.read(ConfigSource.of(file), kinds.getOrDefault(true, List.of()), Grid.class, defaults);
        List<String> ofRuns = kinds.getOrDefault(false, List.of());
        Cells cells = new Cells(grid, ofRuns, root);
        cells.check(ofRuns);
        return cells;
    }

    private static String key(String set) {
        return set.substring(0, Math.max(0, set.indexOf('='))).strip();
    }

    private void check(List<String> sets) {
        Set<String> taken = new TreeSet<>(grid.rowKeys());
        taken.addAll(List.of("train.seed", "train.learningRate"));
        List<String> problems = sets.stream()
                .filter(set -> taken.stream()
                        .filter(key -> !grid.rates().isEmpty() || !key.equals("train.learningRate"))
                        .anyMatch(key -> Grid.isIn(key(set), key)))
                .map(set -> "--set %s: is what the grid varies, must be a key that rows leave alone (they have %s)"
                        .formatted(set, String.join(", ", taken)))
                .toList();
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
    }

    public Grid grid() {
        return grid;
    }

    /** The rates that every row is tried with; a single null where the configuration's own is taken. */
    public List<@Nullable Double> rates() {
        List<@Nullable Double> rates = new ArrayList<>(grid.rates());
        if (rates.isEmpty()) {
            rates.add(null);
        }
        return rates;
    }

    /** One run. */
    public Cell cell(Variant variant, @Nullable Double rate, long seed) {
        List<String> all = new ArrayList<>();
        grid.set().forEach((key, value) -> all.add(ConfigReader.override(key, value)));
        all.addAll(overrides);
        all.addAll(variant.settings());
        all.add("train.seed=" + seed);
        String folder = "%s-seed%d".formatted(variant.id(), seed);
        if (rate != null) {
            all.add("train.learningRate=" + rate);
            folder = String.format(Locale.ROOT, "%s-rate%s-seed%d", variant.id(), rate, seed);
        }
        RunConfig config = RunConfigs.read(grid.base(), all, root);
        return new Cell(variant, rate, seed, config.withOut(grid.out().resolve(folder)));
    }

    /** Every run that the grid may come to: all rates at the first seed, and at the others the one that will be chosen. */
    public List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Variant variant : grid.variants()) {
            for (Double rate : rates()) {
                grid.seeds().forEach(seed -> cells.add(cell(variant, rate, seed)));
            }
        }
        return cells;
    }
}
