package org.dti4j.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The files of a prepared folder, and how they are written from the database and counted. */
public final class PreparedFiles {
    public static final String INTERACTIONS = "interactions.parquet";
    public static final String ITEMS = "items.parquet";
    public static final String STATISTICS = "stats.json";

    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Database database;
    private final Path folder;

    PreparedFiles(Database database, Path folder) {
        this.database = database;
        this.folder = folder;
    }

    private String file(String name) {
        return Database.text(folder.resolve(name).toAbsolutePath());
    }

    /** @param part an SQL expression of a row's part */
    void writeInteractions(String part) {
        database.run("""
                COPY (SELECT kept_users.number AS user_index, users.id AS user_id,
                             kept_items.number AS item_index, catalogue.id AS item_id,
                             rating, label, time, CAST(%s AS TINYINT) AS part
                      FROM interactions
                      JOIN kept_users ON kept_users.old = "user" JOIN kept_items ON kept_items.old = item
                      JOIN users ON users.number = "user" JOIN catalogue ON catalogue.number = item
                      ORDER BY "user", time, item)
                TO %s (FORMAT parquet, COMPRESSION zstd)""".formatted(part, file(INTERACTIONS)));
    }

    /** @param columns names of the text columns, in the order of {@code t0, t1, …} */
    void writeItems(List<String> columns) {
        String texts = IntStream.range(0, columns.size())
                .mapToObj(i -> "t%d AS %s".formatted(i, Database.name(columns.get(i))))
                .collect(Collectors.joining(", "));
        database.run("""
                COPY (SELECT kept_items.number AS item_index, id AS item_id, %s
                      FROM catalogue JOIN kept_items ON kept_items.old = catalogue.number
                      ORDER BY item_index)
                TO %s (FORMAT parquet, COMPRESSION zstd)""".formatted(texts, file(ITEMS)));
    }

    /** What {@code stats.json} holds. */
    public static byte[] json(Statistics statistics) {
        return JSON.writeValueAsBytes(statistics);
    }

    void writeStatistics(Statistics statistics) {
        try {
            Files.write(folder.resolve(STATISTICS), json(statistics));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts what was written. */
    Statistics count(
            List<String> columns, Statistics.Pruned pruned, Statistics.Rows interactionRows, Statistics.Rows itemRows) {
        String written = "read_parquet(%s)".formatted(file(INTERACTIONS));
        SortedMap<Part, Statistics.PartStatistics> parts = new TreeMap<>();
        for (Part part : Part.values()) {
            parts.put(part, new Statistics.PartStatistics(0, 0, 0, 0, 0));
        }
        database.each(
                "SELECT part, count(*), count_if(label), count(DISTINCT user_index), min(time), max(time) FROM %s GROUP BY part"
                        .formatted(written),
                row -> parts.put(
                        Part.of(row.getInt(1)),
                        new Statistics.PartStatistics(
                                row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6))));
        Statistics.Lengths lengths = database.rows(
                        """
                SELECT min(size), avg(size), quantile_disc(size, 0.5), quantile_disc(size, 0.9), max(size)
                FROM (SELECT count(*) AS size FROM %s GROUP BY user_index)""".formatted(written),
                        row -> new Statistics.Lengths(
                                row.getLong(1), row.getDouble(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                .get(0);
        return new Statistics(
                database.number("SELECT count(*) FROM kept_users"),
                database.number("SELECT count(*) FROM kept_items"),
                parts.values().stream()
                        .mapToLong(Statistics.PartStatistics::interactions)
                        .sum(),
                parts.values().stream()
                        .mapToLong(Statistics.PartStatistics::positives)
                        .sum(),
                lengths,
                parts,
                withoutText(columns),
                pruned,
                interactionRows,
                itemRows);
    }

    private SortedMap<String, Long> withoutText(List<String> columns) {
        SortedMap<String, Long> empty = new TreeMap<>();
        for (String column : columns) {
            empty.put(
                    column,
                    database.number("SELECT count(*) FROM read_parquet(%s) WHERE %s = ''"
                            .formatted(file(ITEMS), Database.name(column))));
        }
        return empty;
    }
}
