package org.dti4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.data.History;
import org.dti4j.data.PreparedData;
import org.dti4j.file.AtomicFile;
import org.dti4j.problem.UserException;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The file {@code predictions.parquet}: user, item, time, label, probability; a row per target. */
public final class PredictionFile {
    private PredictionFile() {}

    /** Writes the file whole or not at all. */
    public static void write(Path file, PreparedData data, ScoredTargets scored) {
        AtomicFile.writeBy(file, temporary -> writeParquet(temporary, data, scored));
    }

    private static void writeParquet(Path file, PreparedData data, ScoredTargets scored) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE predictions (\"user\" VARCHAR, item VARCHAR, time BIGINT, label BOOLEAN, probability DOUBLE)");
            append(connection.unwrap(DuckDBConnection.class), data, scored);
            statement.execute("COPY predictions TO '%s' (FORMAT parquet)"
                    .formatted(file.toString().replace("'", "''")));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void append(DuckDBConnection connection, PreparedData data, ScoredTargets scored)
            throws SQLException {
        try (DuckDBAppender appender = connection.createAppender("main", "predictions")) {
            for (int target = 0; target < scored.size(); target++) {
                History history = data.history(scored.user(target));
                int interaction = scored.interaction(target);
                appender.beginRow();
                appender.append(history.user());
                appender.append(data.items().get(history.item(interaction)).id());
                appender.append(history.time(interaction));
                appender.append(scored.label(target));
                appender.append(scored.probability(target));
                appender.endRow();
            }
        }
    }

    /**
     * Reads the predictions of a run.
     *
     * @param data what the run was evaluated on
     */
    public static ScoredTargets read(Path file, PreparedData data) {
        if (!Files.exists(file)) {
            throw new UserException("%s: is not there, must be the predictions of a finished run".formatted(file));
        }
        TargetIndex index = new TargetIndex(data);
        List<ScoredTargets.Row> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT \"user\", item, time, label, probability FROM read_parquet('%s')"
                                .formatted(file.toString().replace("'", "''")))) {
            while (result.next()) {
                int user = index.user(result.getString(1));
                int interaction = user < 0 ? -1 : index.interaction(user, result.getString(2), result.getLong(3));
                if (interaction < 0) {
                    throw new UserException("%s: row %d is no target of the prepared data, must be of the same data"
                            .formatted(file, rows.size() + 1));
                }
                rows.add(new ScoredTargets.Row(user, interaction, result.getBoolean(4), result.getDouble(5)));
            }
        } catch (SQLException e) {
            throw new UserException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        return new ScoredTargets(rows);
    }

    /** Finds targets by what the file says of them. */
    private static final class TargetIndex {
        private final PreparedData data;
        private final Map<String, Integer> users = new HashMap<>();

        TargetIndex(PreparedData data) {
            this.data = data;
            for (int user = 0; user < data.users(); user++) {
                users.put(data.history(user).user(), user);
            }
        }

        int user(String id) {
            return users.getOrDefault(id, -1);
        }

        int interaction(int user, String item, long time) {
            History history = data.history(user);
            for (int i = 0; i < history.size(); i++) {
                if (history.time(i) == time
                        && data.items().get(history.item(i)).id().equals(item)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
