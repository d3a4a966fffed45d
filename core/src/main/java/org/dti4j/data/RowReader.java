package org.dti4j.data;

import static org.dti4j.data.BadRow.Reason.FUTURE_TIME;
import static org.dti4j.data.BadRow.Reason.MISSING_ID;
import static org.dti4j.data.BadRow.Reason.NEGATIVE;
import static org.dti4j.data.BadRow.Reason.OUT_OF_RANGE;
import static org.dti4j.data.BadRow.Reason.STRAY_QUOTE;
import static org.dti4j.data.BadRow.Reason.UNPARSABLE;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Reads both files into DuckDB tables, every row of them, in the order of the file: {@code interaction_rows} and {@code item_rows},
 * whose column {@code reason} says what is wrong with a row, NULL for nothing.
 */
final class RowReader {
    private static final double HIGHEST_STARS = 5;

    private final Database database;
    private final Log log;
    private final DataConfig config;

    RowReader(Database database, Log log, DataConfig config) {
        this.database = database;
        this.log = log;
        this.config = config;
        QuotedLines.define(database);
    }

    /** @param now later times are bad */
    void readInteractions(Instant now) {
        TableColumns columns = log.columns();
        List<String> wanted = new ArrayList<>(List.of(columns.user(), columns.item(), columns.time()));
        String rating = next(wanted, columns.rating());
        String label = next(wanted, columns.label());
        run(log.interactions(), """
                CREATE TABLE interaction_rows AS
                SELECT "user", item, rating, label, time, more, %s AS reason
                FROM (SELECT "user", item, broken, swallows, more, time, CASE WHEN rating IS NULL THEN CAST(label AS FLOAT) ELSE TRY_CAST(rating AS FLOAT) END AS rating, label
                      FROM (SELECT %s AS "user", %s AS item, %s AS time, broken, swallows, more, rating, %s AS label
                            FROM (SELECT *, TRY_CAST(%s AS DOUBLE) AS rating FROM (%s))))""".formatted(
                        interactionReason(now),
                        id("v0"),
                        id("v1"),
                        time("v2", columns.timeUnit()),
                        columns.label() == null
                                ? "rating > CAST(%s AS DOUBLE)".formatted(config.threshold())
                                : "TRY_CAST(%s AS BOOLEAN)".formatted(label),
                        rating,
                        log.interactions().select(wanted)));
    }

    /** DuckDB notes the bad rows of texts; of a Parquet file whose inside is damaged it has no rows, and many words for it. */
    private void run(LogTable table, String sql) {
        try {
            database.run(sql);
        } catch (UserException | IllegalStateException e) {
            if (table instanceof ParquetTable && e.getCause() instanceof SQLException said) {
                throw table.file()
                        .wrong("is damaged: "
                                + String.valueOf(said.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""));
            }
            throw e;
        }
    }

    private static String next(List<String> wanted, @Nullable String column) {
        if (column == null) {
            return "NULL";
        }
        wanted.add(column);
        return "v" + (wanted.size() - 1);
    }

    /** MovieLens has whole numbers as ids; in other logs any text is one. */
    private static String id(String value) {
        return "NULLIF(%s, '')".formatted(value);
    }

    private boolean wholeNumberIds() {
        return switch (config.format()) {
            case MOVIELENS_1M, MOVIELENS_CSV -> true;
            case AMAZON_2018, TABLE -> false;
        };
    }

    private static String time(String value, TableColumns.TimeUnit unit) {
        return switch (unit) {
            case SECONDS -> number(value, 1);
            case MILLISECONDS -> number(value, 1_000);
            case MICROSECONDS -> number(value, 1_000_000);
            case ISO -> "TRY_CAST(floor(epoch(TRY_CAST(%s AS TIMESTAMPTZ))) AS BIGINT)".formatted(value);
        };
    }

    private static String number(String value, int unitsPerSecond) {
        return "TRY_CAST(floor(TRY_CAST(%s AS DOUBLE) / %d) AS BIGINT)".formatted(value, unitsPerSecond);
    }

    private String interactionReason(Instant now) {
        boolean stars = config.format() != Format.TABLE;
        return new Cases()
                .when("broken", UNPARSABLE)
                .when("swallows", STRAY_QUOTE)
                .when("\"user\" IS NULL OR item IS NULL", MISSING_ID)
                .when(wholeNumberIds() ? notWhole("\"user\"") + " OR " + notWhole("item") : "FALSE", UNPARSABLE)
                .when("rating IS NULL OR NOT isfinite(rating) OR label IS NULL OR time IS NULL", UNPARSABLE)
                .when("rating < 0 OR time < 0", NEGATIVE)
                .when(wholeNumberIds() ? "starts_with(\"user\", '-') OR starts_with(item, '-')" : "FALSE", NEGATIVE)
                .when(stars ? "rating = 0 OR rating > " + HIGHEST_STARS : "FALSE", OUT_OF_RANGE)
                .when("time > " + now.getEpochSecond(), FUTURE_TIME)
                .end();
    }

    private static String notWhole(String value) {
        return "CAST(TRY_CAST(%s AS BIGINT) AS VARCHAR) IS DISTINCT FROM %s".formatted(value, value);
    }

    /** Columns {@code id}, {@code t0, t1, …} in the order of {@link TableColumns#text()}, and {@code reason}. */
    void readItems() {
        TableColumns columns = log.columns();
        boolean own = config.items() != null;
        List<String> wanted = Log.itemColumns(config, columns);
        String texts = IntStream.range(0, columns.text().size())
                .mapToObj(i -> "v%d AS t%d".formatted(i + 1, i))
                .collect(Collectors.joining(", "));
        String reason = new Cases()
                .when("broken", UNPARSABLE)
                .when("swallows", STRAY_QUOTE)
                .when("id IS NULL", MISSING_ID)
                .when(wholeNumberIds() ? notWhole("id") : "FALSE", UNPARSABLE)
                .when(wholeNumberIds() ? "starts_with(id, '-')" : "FALSE", NEGATIVE)
                .end();
        // texts that stand beside every interaction are the same many times
        run(
                log.items(),
                "CREATE TABLE item_rows AS SELECT %s *, %s AS reason FROM (SELECT %s AS id, broken, swallows, %s %s FROM (%s))"
                        .formatted(
                                own ? "" : "DISTINCT",
                                reason,
                                id("v0"),
                                own ? "more," : "",
                                texts,
                                log.items().select(wanted)));
    }

    /** An SQL expression of the first condition that holds. */
    private static final class Cases {
        private final StringBuilder sql = new StringBuilder("CASE");

        Cases when(String condition, BadRow.Reason reason) {
            sql.append(" WHEN ")
                    .append(condition)
                    .append(" THEN '")
                    .append(reason.name())
                    .append('\'');
            return this;
        }

        String end() {
            return sql.append(" END").toString();
        }
    }
}
