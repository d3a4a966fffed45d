package org.dti4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dti4j.file.AtomicFile;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A catalogue in a Parquet file: item_index, item_id, then the text columns by name. */
public final class ItemFile {
    private ItemFile() {}

    /** Writes items in their order, whole or not at all. */
    public static void write(Path file, List<Item> items) {
        SortedSet<String> columns = new TreeSet<>();
        items.forEach(item -> columns.addAll(item.columns().keySet()));
        AtomicFile.writeBy(file, temporary -> {
            try (Database database = Database.inMemory(0)) {
                String texts = columns.stream()
                        .map(column -> ", %s VARCHAR".formatted(Database.name(column)))
                        .collect(Collectors.joining());
                database.run("CREATE TABLE items (item_index INTEGER, item_id VARCHAR%s)".formatted(texts));
                append(database, items, columns);
                database.run("COPY (SELECT * FROM items ORDER BY item_index) TO %s (FORMAT parquet, COMPRESSION zstd)"
                        .formatted(Database.text(temporary.toAbsolutePath())));
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    private static void append(Database database, List<Item> items, SortedSet<String> columns) throws SQLException {
        DuckDBConnection connection = database.connection().unwrap(DuckDBConnection.class);
        try (DuckDBAppender appender = connection.createAppender("main", "items")) {
            int index = 0;
            for (Item item : items) {
                appender.beginRow();
                appender.append(index++);
                appender.append(item.id());
                for (String column : columns) {
                    appender.append(item.columns().getOrDefault(column, ""));
                }
                appender.endRow();
            }
        }
    }

    /**
     * Reads items in the order of their indices.
     *
     * @throws org.dti4j.problem.UserException if it is no Parquet file, or a damaged one
     */
    public static List<Item> read(Path file) {
        try (Database database = Database.inMemory(0)) {
            return read(database, file);
        }
    }

    static List<Item> read(Database database, Path file) {
        List<String> names = database.parquetColumns(file);
        String sql = "SELECT * EXCLUDE item_index FROM " + Database.parquet(file);
        return database.rows(sql, row -> {
            SortedMap<String, String> columns = new TreeMap<>();
            for (int i = 2; i < names.size(); i++) {
                columns.put(names.get(i), row.getString(i));
            }
            return new Item(row.getString(1), columns);
        });
    }
}
