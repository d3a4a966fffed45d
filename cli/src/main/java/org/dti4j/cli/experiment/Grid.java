package org.dti4j.cli.experiment;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dti4j.cli.report.Paper;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * An experiment: rows × seeds, and the same search of the learning rate for every row (docs/experiments.md).
 *
 * @param title of the report
 * @param base configuration of a run, which every row starts from
 * @param set keys of that configuration and their values, for all rows
 * @param seeds one run each
 * @param rates learning rates, of which every row takes the one with the best validation AUC at the first seed; empty for that of
 *     the configuration
 * @param rows by key: short names, which run folders begin with
 * @param paper the data set whose published results are shown beside, or null
 * @param out folder of all runs and the report
 */
public record Grid(
        String title,
        Path base,
        Map<String, String> set,
        List<Long> seeds,
        List<Double> rates,
        Map<String, GridRow> rows,
        @Nullable Paper paper,
        Path out) {
    private static final String KEY = "[A-Za-z0-9][A-Za-z0-9._-]*";

    public Grid {
        Problems problems = Problems.in("grid")
                .require(!seeds.isEmpty(), "seeds", seeds, "a list of at least one number")
                .require(Set.copyOf(seeds).size() == seeds.size(), "seeds", seeds, "different from each other")
                .require(Set.copyOf(rates).size() == rates.size(), "rates", rates, "different from each other")
                .require(!rows.isEmpty(), "rows", "{}", "at least one row");
        Set<String> ids = new HashSet<>();
        variants(rows)
                .forEach(variant -> problems.require(
                                variant.id().matches(KEY), "rows", variant.id(), "of letters, digits, '.', '_' and '-'")
                        .require(
                                ids.add(variant.id()),
                                "rows",
                                variant.id(),
                                "there once: its run folders are named so"));
        rows.forEach((key, row) -> row.against()
                .forEach(other -> problems.require(
                        rows.containsKey(other) && !other.equals(key),
                        "rows." + key + ".against",
                        other,
                        "another of " + rows.keySet())));
        for (String key : varied(set, rows)) {
            problems.require(
                    !isIn(key, "train.seed") && !isIn(key, "out"), key, "set", "left out: the grid has seeds and out");
            problems.require(
                    rates.isEmpty() || !isIn(key, "train.learningRate"), key, "set", "left out: the grid has rates");
        }
        problems.throwIfAny();
    }

    private static Set<String> varied(Map<String, String> set, Map<String, GridRow> rows) {
        Set<String> keys = new TreeSet<>(set.keySet());
        rows.values().forEach(row -> {
            keys.addAll(row.set().keySet());
            keys.addAll(row.over().keySet());
        });
        return keys;
    }

    /** Keys that some row sets. */
    Set<String> rowKeys() {
        return varied(Map.of(), rows);
    }

    /** Whether setting {@code key} sets {@code other} too: the same key, or one within the other. */
    static boolean isIn(String key, String other) {
        return key.equals(other) || key.startsWith(other + ".") || other.startsWith(key + ".");
    }

    private static Stream<Variant> variants(Map<String, GridRow> rows) {
        return rows.entrySet().stream().flatMap(row -> Variant.of(row.getKey(), row.getValue()).stream());
    }

    /** The lines of the table. */
    public List<Variant> variants() {
        return variants(rows).toList();
    }

    /** What a line is compared with: of each row that it names, the line with the same varied values, or else the first. */
    public List<Variant> against(Variant variant) {
        List<Variant> all = variants();
        String first = all.get(0).row();
        List<String> keys = !variant.against().isEmpty()
                ? variant.against()
                : variant.row().equals(first) ? List.of() : List.of(first);
        return keys.stream()
                .map(key -> {
                    List<Variant> row =
                            all.stream().filter(each -> each.row().equals(key)).toList();
                    Optional<Variant> same =
                            row.stream().filter(variant::matches).findFirst();
                    return same.orElse(Objects.requireNonNull(row.get(0)));
                })
                .toList();
    }
}
