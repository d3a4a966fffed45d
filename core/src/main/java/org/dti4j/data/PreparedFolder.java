package org.dti4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import tools.jackson.core.JacksonException;

/** Opens what {@link Preparation} wrote; each table is a Parquet file or, from elsewhere, a folder of them. */
public final class PreparedFolder {
    private static final int STEP = 1 << 16;

    private PreparedFolder() {}

    /**
     * Loads a prepared folder into memory, some 17 bytes per interaction.
     *
     * @throws UserException if it is no prepared folder, or a damaged one
     */
    public static PreparedData open(Path folder, Progress progress) {
        for (String name : List.of(PreparedFiles.STATISTICS, PreparedFiles.ITEMS, PreparedFiles.INTERACTIONS)) {
            if (!Files.exists(folder.resolve(name))) {
                throw new UserException(
                        "%s is no prepared folder: it has no %s (dti prepare makes one)".formatted(folder, name));
            }
        }
        Statistics statistics = statistics(folder.resolve(PreparedFiles.STATISTICS));
        if (statistics.interactions() > Integer.MAX_VALUE) {
            throw new UserException("%s has %d interactions; more than %d cannot be loaded at once"
                    .formatted(folder, statistics.interactions(), Integer.MAX_VALUE));
        }
        try (Database database = Database.inMemory(0);
                Progress.Task task = progress.begin("loading data", statistics.interactions())) {
            ArrayData.Builder builder = new ArrayData.Builder(
                    ItemFile.read(database, folder.resolve(PreparedFiles.ITEMS)),
                    Math.toIntExact(statistics.users()),
                    Math.toIntExact(statistics.interactions()));
            interactions(database, folder.resolve(PreparedFiles.INTERACTIONS), builder, task);
            return builder.build(statistics);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            throw new UserException(
                    "%s is damaged, prepare it again: its files do not fit each other (%s)"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    /** The statistics alone, without loading the data. */
    public static Statistics statistics(Path file) {
        try {
            return PreparedFiles.JSON.readValue(Files.readAllBytes(file), Statistics.class);
        } catch (IOException | JacksonException e) {
            throw new UserException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void interactions(Database database, Path file, ArrayData.Builder builder, Progress.Task task) {
        database.parquetColumns(file);
        List<String> users = database.rows(
                "SELECT any_value(user_id) FROM %s GROUP BY user_index ORDER BY user_index"
                        .formatted(Database.parquet(file)),
                row -> row.getString(1));
        int[] state = {-1, 0};
        String sql =
                "SELECT user_index, item_index, label, rating, time, part FROM %s".formatted(Database.parquet(file));
        database.each(sql, row -> {
            int user = row.getInt(1);
            if (user != state[0]) {
                state[0] = user;
                builder.user(users.get(user));
            }
            builder.interaction(
                    row.getInt(2), row.getBoolean(3), row.getFloat(4), row.getLong(5), Part.of(row.getInt(6)));
            if (++state[1] % STEP == 0) {
                task.advance(STEP);
            }
        });
        task.advance(state[1] % STEP);
    }
}
