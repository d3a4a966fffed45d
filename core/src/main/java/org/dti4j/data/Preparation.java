package org.dti4j.data;

import java.nio.file.Path;
import java.time.Instant;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;

/**
 * From the log's files to a prepared folder (docs/method.md section 8): bad rows counted, duplicates merged, rare items pruned, labels set,
 * the split cut. The result does not depend on the order of rows in the files. Works on disk where memory does not suffice.
 */
public final class Preparation {
    private static final int STEPS = 7;

    private final DataConfig config;
    private final Instant now;
    private final Progress.Task task;

    private Preparation(DataConfig config, Instant now, Progress.Task task) {
        this.config = config;
        this.now = now;
        this.task = task;
    }

    /**
     * Prepares a folder with {@code interactions.parquet}, {@code items.parquet} and {@code stats.json}. It comes into being whole or not at
     * all; a prepared folder that stands there already is replaced.
     *
     * @param output the folder, whose parent folders are made as needed
     * @param now rows with a later time are bad
     * @return what was counted, as it stands in {@code stats.json}
     * @throws UserException if a file is missing or of another format, if too many rows are bad, or if nothing is left
     */
    public static Statistics prepare(DataConfig config, Path output, Instant now, Progress progress) {
        try (Progress.Task task = progress.begin("preparing data", STEPS);
                FolderReplacement replacement = FolderReplacement.begin(output)) {
            Statistics statistics = new Preparation(config, now, task).run(replacement);
            replacement.finish();
            return statistics;
        }
    }

    private Statistics run(FolderReplacement replacement) {
        try (Database database = Database.open(replacement.scratch(), config.memoryMiB(), config.threads())) {
            Log log = Log.open(config, database);
            RowReader reader = new RowReader(database, log, config);
            InteractionBuilder builder = new InteractionBuilder(database, config);
            Statistics.Rows itemRows = readItems(database, log, reader);
            Statistics.Rows interactionRows = readInteractions(database, log, reader, builder);

            step("pruning rare items");
            Statistics.Pruned pruned = builder.prune();
            long kept = database.number("SELECT coalesce(sum(interactions), 0) FROM kept_items");
            checkLeft(kept);

            step("cutting by time");
            String part = new TimeCut(database).part(config.split(), kept);

            step("sorting and writing");
            PreparedFiles files = new PreparedFiles(database, replacement.folder());
            files.writeInteractions(part);
            files.writeItems(log.columns().text());

            step("counting");
            Statistics statistics = files.count(log.columns().text(), pruned, interactionRows, itemRows);
            files.writeStatistics(statistics);
            return statistics;
        }
    }

    private Statistics.Rows readItems(Database database, Log log, RowReader reader) {
        step("reading items");
        reader.readItems();
        RowAccount account = itemAccount(database, log);
        CatalogueBuilder.Duplicates duplicates =
                new CatalogueBuilder(database, config.format(), log.columns().text()).build();
        return account.statistics(duplicates.duplicates(), duplicates.conflicting(), 0);
    }

    private Statistics.Rows readInteractions(Database database, Log log, RowReader reader, InteractionBuilder builder) {
        step("reading interactions");
        reader.readInteractions(now);
        builder.markUnknownItems();
        RowAccount account = RowAccount.of(database, log.interactions(), "interaction_rows");
        account.check(config.badShare());

        step("merging duplicates");
        InteractionBuilder.Merged merged = builder.build();
        database.run("DROP TABLE interaction_rows");
        return account.statistics(merged.duplicates(), merged.conflicting(), merged.leftOut());
    }

    private RowAccount itemAccount(Database database, Log log) {
        if (config.items() == null) {
            // the rows are those of the interactions, and are accounted for there
            return RowAccount.none(log.items());
        }
        RowAccount account = RowAccount.of(database, log.items(), "item_rows");
        account.check(config.badShare());
        return account;
    }

    private void checkLeft(long interactions) {
        if (interactions == 0) {
            throw new UserException(
                    "data.minimumInteractions = %d, must be lower: no item of %s has as many interactions"
                            .formatted(config.minimumInteractions(), config.interactions()));
        }
    }

    private void step(String name) {
        task.note(name);
        task.advance(1);
    }
}
