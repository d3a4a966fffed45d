package org.dti4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dti4j.file.AtomicFile;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/** A file of rows with named columns, read piece by piece in its order: CSV, TSV (either gzipped or not), JSON lines, Parquet. */
public final class RowsFile {
    private static final String SPILL_AT = "1GiB";

    private final Path path;
    private final Kind kind;

    private enum Kind {
        CSV(".*\\.csv(\\.gz)?"),
        TSV(".*\\.tsv(\\.gz)?"),
        JSON_LINES(".*\\.(jsonl|ndjson)(\\.gz)?"),
        PARQUET(".*\\.parquet");

        private final String names;

        Kind(String names) {
            this.names = names;
        }
    }

    private RowsFile(Path path, Kind kind) {
        this.path = path;
        this.kind = kind;
    }

    /**
     * A file of the format that its name ends in.
     *
     * @param key names it in messages, for instance {@code --input}
     */
    public static RowsFile named(String key, Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        for (Kind kind : Kind.values()) {
            if (name.matches(kind.names)) {
                return new RowsFile(path, kind);
            }
        }
        throw new UserException(
                "%s = %s, must end in .csv, .tsv, .jsonl or .parquet (.gz after the first three)".formatted(key, path));
    }

    /** The same, which must be there. */
    public static RowsFile existing(String key, Path path) {
        RowsFile file = named(key, path);
        if (!Files.isRegularFile(path)) {
            throw new UserException("%s = %s, must be a file that exists".formatted(key, path));
        }
        return file;
    }

    /** Shows rows to a visitor. */
    @FunctionalInterface
    public interface Visitor {
        /** @param values of the wanted columns as text, lists and objects as JSON; null where the file has none */
        void visit(@Nullable String[] values);
    }

    private String reader() {
        String file = Database.text(path.toAbsolutePath());
        return switch (kind) {
            case CSV -> "read_csv(%s, all_varchar = true, header = true, delim = ',', quote = '\"')".formatted(file);
            case TSV -> "read_csv(%s, all_varchar = true, header = true, delim = '\\t', quote = '\"')".formatted(file);
            case JSON_LINES -> "(SELECT columns(*) ->> '$' FROM %s)".formatted(json());
            case PARQUET -> "read_parquet(%s)".formatted(file);
        };
    }

    /** Values as JSON: DuckDB's own guess would write ids that look like UUIDs or dates in its way. */
    private String json() {
        return "read_json(%s, format = 'newline_delimited', records = 'true', maximum_depth = 1)"
                .formatted(Database.text(path.toAbsolutePath()));
    }

    private UserException unreadable(RuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String first = String.valueOf(cause.getMessage()).lines().limit(3).collect(Collectors.joining(" "));
        return new UserException("%s: cannot be read: %s".formatted(path, first), e);
    }

    /** The names of the columns. */
    public List<String> columns() {
        try (Database database = ordered(null)) {
            return database.rows("DESCRIBE SELECT * FROM " + reader(), row -> row.getString(1));
        } catch (UserException | IllegalStateException e) {
            throw unreadable(e);
        }
    }

    /** The number of rows. */
    public long count() {
        try (Database database = ordered(null)) {
            return database.number("SELECT count(*) FROM " + reader());
        } catch (UserException | IllegalStateException e) {
            throw unreadable(e);
        }
    }

    /** Rows from the one with index {@code first} on, in the order of the file, a few held at a time. */
    public void each(List<String> wanted, long first, Visitor visitor) {
        String values = wanted.stream()
                .map(Database::name)
                .map(name ->
                        "CASE WHEN typeof(%s) LIKE '%%[]' OR typeof(%s) LIKE 'STRUCT%%' THEN CAST(to_json(%s) AS VARCHAR) ELSE CAST(%s AS VARCHAR) END"
                                .formatted(name, name, name, name))
                .collect(Collectors.joining(", "));
        String sql = "SELECT %s FROM %s OFFSET %d".formatted(values, reader(), first);
        RuntimeException[] ofVisitor = new RuntimeException[1];
        try (Database database = ordered(null)) {
            database.each(sql, row -> {
                @Nullable String[] texts = new String[wanted.size()];
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = row.getString(i + 1);
                }
                try {
                    visitor.visit(texts);
                } catch (RuntimeException e) {
                    ofVisitor[0] = e;
                    throw e;
                }
            });
        } catch (UserException | IllegalStateException e) {
            throw ofVisitor[0] == e ? e : unreadable(e);
        }
    }

    /**
     * Writes all rows of another file here, with one more column, in the same order.
     *
     * @param parts CSV files without a header whose rows, one after the other, are a row's index and the new value
     * @param spill a folder for what memory cannot hold
     */
    public void writeWith(RowsFile source, String column, List<Path> parts, Path spill) {
        String files = parts.stream()
                .map(part -> Database.text(part.toAbsolutePath()))
                .collect(Collectors.joining(", ", "[", "]"));
        String added = parts.isEmpty()
                ? "SELECT NULL::DOUBLE AS value WHERE false"
                : "SELECT value FROM read_csv(%s, header = false, auto_detect = false, delim = ',', quote = '\"', columns = {'row': 'BIGINT', 'value': 'DOUBLE', 'problem': 'VARCHAR'})"
                        .formatted(files);
        boolean json = kind == Kind.JSON_LINES && source.kind == Kind.JSON_LINES;
        AtomicFile.writeBy(path, temporary -> {
            try (Database database = ordered(spill)) {
                database.run(
                        "COPY (SELECT source.*, added.value AS %s FROM (SELECT * FROM %s) source POSITIONAL JOIN (%s) added) TO %s (%s)"
                                .formatted(
                                        Database.name(column),
                                        json ? source.json() : source.reader(),
                                        added,
                                        Database.text(temporary.toAbsolutePath()),
                                        options()));
            }
        });
    }

    private String options() {
        String plain = switch (kind) {
            case CSV -> "FORMAT csv, HEADER true";
            case TSV -> "FORMAT csv, HEADER true, DELIMITER '\\t'";
            case JSON_LINES -> "FORMAT json";
            case PARQUET -> "FORMAT parquet, COMPRESSION zstd";
        };
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".gz") ? plain + ", COMPRESSION gzip" : plain;
    }

    /** One thread: the order of the file is the order of the rows. */
    private static Database ordered(@Nullable Path spill) {
        Database database = Database.inMemory(1);
        database.run("SET memory_limit = '%s'".formatted(SPILL_AT));
        if (spill != null) {
            database.run("SET temp_directory = " + Database.text(spill.toAbsolutePath()));
        }
        return database;
    }
}
