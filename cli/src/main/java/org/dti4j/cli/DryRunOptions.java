package org.dti4j.cli;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.dti4j.cli.terminal.Table;
import org.dti4j.data.PreparedData;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.run.Forecast;
import org.dti4j.run.RunConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Counting instead of running. */
final class DryRunOptions {
    private static final Set<String> KEYS = new TreeSet<>(Set.of("users", "interactions", "tokens"));

    /** More than any log has, and little enough to be multiplied. */
    private static final long MOST = 1_000_000_000_000L;

    @Option(
            names = "--dry-run",
            description =
                    "Check the configuration, count prompts, tokens, operations and memory, and run nothing. What is not "
                            + "there (data, checkpoint) is assumed, and it says so.")
    private boolean dryRun;

    @Option(
            names = "--assume",
            paramLabel = "key=number",
            description = "With --dry-run and without the data: users, interactions, or tokens (of one interaction).")
    private Map<String, Long> assumptions = new LinkedHashMap<>();

    boolean isAsked() {
        if (!KEYS.containsAll(assumptions.keySet())) {
            throw new UserException("--assume %s: must be some of %s".formatted(assumptions.keySet(), KEYS));
        }
        List<String> problems = assumptions.entrySet().stream()
                .filter(each -> each.getValue() < 1 || each.getValue() > MOST)
                .map(each -> String.format(
                        Locale.ROOT, "--assume %s=%d: must be 1 to %,d", each.getKey(), each.getValue(), MOST))
                .toList();
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
        return dryRun;
    }

    Forecast forecast(RunConfig config, Progress progress) {
        return Forecast.of(config, data(config, progress), assumptions, progress);
    }

    /** Null where there are no log files. */
    private static @Nullable PreparedData data(RunConfig config, Progress progress) {
        var items = config.data().items();
        boolean there = Files.exists(config.data().interactions()) && (items == null || Files.exists(items));
        return there ? new PreparedStore(config, progress).open() : null;
    }

    /** A row for each named run; what was assumed below. */
    static String text(Map<String, Forecast> runs) {
        Table table = Table.of(
                "nothing was run",
                "targets",
                "prompts per epoch",
                "tokens per epoch",
                "per interaction",
                "Eq. 3, TFLOP",
                "exact, TFLOP",
                "memory, GiB");
        Set<String> assumed = new TreeSet<>();
        runs.forEach((name, run) -> {
            table.row(
                    name,
                    count(run.trained()),
                    count(run.prompts()),
                    count(run.tokens()),
                    String.format(Locale.ROOT, "%.1f", run.tokensPerInteraction()),
                    tera(run.equation3()),
                    tera(run.exact()),
                    String.format(Locale.ROOT, "%.1f", run.memory() / (double) (1L << 30)));
            assumed.addAll(run.assumed());
        });
        StringBuilder text = new StringBuilder(table.toString());
        assumed.forEach(line -> text.append("assumed: ").append(line).append('\n'));
        return text.toString();
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String tera(double operations) {
        return String.format(Locale.ROOT, operations < 1e14 ? "%,.2f" : "%,.0f", operations / 1e12);
    }
}
