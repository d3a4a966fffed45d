package org.dti4j.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.data.Statistics;
import org.dti4j.data.Statistics.PartStatistics;
import org.dti4j.data.Statistics.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Log files to a prepared folder. */
@Command(
        name = "prepare",
        description = "Reads the log files and writes the prepared folder: interactions, items and their statistics.",
        footer = {
            "  dti prepare configs/quickstart.yaml",
            "  dti prepare configs/quickstart.yaml --set data.minimumInteractions=10 --set prepared=prepared/ten"
        })
final class PrepareVerb extends Verb {
    @Mixin
    private ConfigOptions config;

    PrepareVerb(Console console) {
        super(console);
    }

    @Override
    Result run() {
        PreparedStore store = new PreparedStore(config.read(), console().progress());
        Statistics statistics = store.prepare();
        return Result.done(statistics, text(store.folder(), statistics));
    }

    private static String text(Path folder, Statistics statistics) {
        Table table = Table.of("part", "interactions", "liked", "users", "from", "to");
        statistics
                .parts()
                .forEach((part, counted) -> table.row(
                        part.name().toLowerCase(Locale.ROOT),
                        number(counted.interactions()),
                        share(counted),
                        number(counted.users()),
                        day(counted.firstTime()),
                        day(counted.lastTime())));
        return "%s%n%s users, %s items, %s interactions, %.1f %% of them liked%n%n%s%n%s%s"
                .formatted(
                        folder,
                        number(statistics.users()),
                        number(statistics.items()),
                        number(statistics.interactions()),
                        100 * statistics.positiveShare(),
                        table,
                        rows(statistics.interactionRows()),
                        rows(statistics.itemRows()));
    }

    private static String rows(Rows rows) {
        StringBuilder text = new StringBuilder("%s: %s rows, %s bad, %s duplicates%n"
                .formatted(rows.file(), number(rows.rows()), number(rows.allBad()), number(rows.duplicates())));
        rows.examples().forEach(bad -> text.append("  ").append(bad).append('\n'));
        return text.toString();
    }

    private static String share(PartStatistics part) {
        double share = part.interactions() == 0 ? 0 : 100.0 * part.positives() / part.interactions();
        return String.format(Locale.ROOT, "%.1f %%", share);
    }

    private static String day(long seconds) {
        return LocalDate.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC)
                .toString();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
