package org.dti4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.dti4j.problem.UserException;

/** A DuckDB database and the few ways in which it is used here. */
final class Database implements AutoCloseable {
    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens a database that lives in a folder and spills into it.
     *
     * @param threads 0 for as many as the machine has
     */
    static Database open(Path folder, int memoryMiB, int threads) {
        Database database = new Database(
                connect("jdbc:duckdb:" + folder.resolve("work.duckdb").toAbsolutePath()));
        database.run("SET memory_limit = '%dMiB'".formatted(memoryMiB));
        database.run("SET temp_directory = " + text(folder.resolve("spilled").toAbsolutePath()));
        database.set(threads);
        return database;
    }

    /** Opens a database in memory, for reading files. */
    static Database inMemory(int threads) {
        Database database = new Database(connect("jdbc:duckdb:"));
        database.set(threads);
        return database;
    }

    private static Connection connect(String url) {
        try {
            Properties properties = new Properties();
            // long results come in pieces instead of being held whole
            properties.setProperty("jdbc_stream_results", "true");
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not open " + url, e);
        }
    }

    private void set(int threads) {
        if (threads > 0) {
            run("SET threads = " + threads);
        }
        run("SET TimeZone = 'UTC'");
        // everything that is needed is built in; nothing may be fetched from a network
        run("SET autoinstall_known_extensions = false");
        run("SET autoload_known_extensions = false");
    }

    void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failure(sql, e);
        }
    }

    /** The single number that a query answers; 0 if it answers NULL or nothing. */
    long number(String sql) {
        return rows(sql, row -> row.getLong(1)).stream().findFirst().orElse(0L);
    }

    <T> List<T> rows(String sql, RowReader<T> reader) {
        List<T> rows = new ArrayList<>();
        each(sql, row -> rows.add(reader.read(row)));
        return rows;
    }

    /**
     * The names of a Parquet file's columns.
     *
     * @throws UserException if it is none, or a damaged one
     */
    List<String> parquetColumns(Path file) {
        try {
            return rows("DESCRIBE SELECT * FROM " + parquet(file), row -> row.getString(1));
        } catch (UserException | IllegalStateException e) {
            throw new UserException("%s is no Parquet file, or a damaged one".formatted(file), e);
        }
    }

    /** A query's table: a Parquet file, or a folder of them in the order of their names. */
    static String parquet(Path file) {
        return "read_parquet(%s)".formatted(text(Files.isDirectory(file) ? file.resolve("*.parquet") : file));
    }

    /** Shows every row of a query to a visitor, holding only a few at a time. */
    void each(String sql, RowVisitor visitor) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                visitor.visit(row);
            }
        } catch (SQLException e) {
            throw failure(sql, e);
        }
    }

    /** The connection, for what has no shorter way, an appender for instance; it stays this object's to close. */
    Connection connection() {
        return connection;
    }

    private static RuntimeException failure(String sql, SQLException e) {
        String message = String.valueOf(e.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("out of memory")) {
            return new UserException(
                    "DuckDB ran out of memory or of disk: raise data.memoryMiB, lower data.threads, or free disk space ("
                            + firstLine(message) + ")",
                    e);
        }
        if (lower.startsWith("io error") || lower.startsWith("invalid input error")) {
            return new UserException("cannot read or write: " + firstLine(message), e);
        }
        return new IllegalStateException("DuckDB failed on: " + sql, e);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    /** A text or path as an SQL literal. */
    static String text(Object value) {
        return "'" + value.toString().replace("'", "''") + "'";
    }

    /** A name as an SQL identifier. */
    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close", e);
        }
    }

    /** Makes a value from the current row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Looks at the current row. */
    @FunctionalInterface
    interface RowVisitor {
        void visit(ResultSet row) throws SQLException;
    }
}
