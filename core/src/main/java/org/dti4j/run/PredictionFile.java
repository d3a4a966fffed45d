package org.dti4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.dti4j.data.History;
import org.dti4j.data.PreparedData;
import org.dti4j.problem.UserException;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Writes {@code predictions.parquet}: user, item, time, label, probability; a row per target. */
final class PredictionFile {
    private PredictionFile() {}

    static void write(Path file, PreparedData data, ScoredTargets scored) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE predictions (\"user\" VARCHAR, item VARCHAR, time BIGINT, label BOOLEAN, probability DOUBLE)");
            append(connection.unwrap(DuckDBConnection.class), data, scored);
            statement.execute("COPY predictions TO '%s' (FORMAT parquet)"
                    .formatted(partial.toString().replace("'", "''")));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (SQLException | IOException e) {
            throw new UserException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
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
}
