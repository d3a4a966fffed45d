package org.dti4j.spark;

import static org.apache.spark.sql.functions.expr;

import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Format;
import org.dti4j.data.TableColumns;
import org.dti4j.problem.UserException;

/** What the local preparation's reader says of each row, in Spark's SQL: values, and what is wrong with them. */
final class Rows {
    /** Spark would take Java's suffixes, as in {@code 4d}, for numbers. */
    private static final String NUMBER =
            "CASE WHEN %1$s RLIKE '^\\\\s*[+-]?([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)([eE][+-]?[0-9]+)?\\\\s*$' THEN try_cast(%1$s AS DOUBLE) END";

    private final DataConfig config;
    private final TableColumns columns;
    private final boolean wholeNumberIds;

    Rows(DataConfig config) {
        this.config = config;
        columns = config.columnsInForce();
        wholeNumberIds = config.format() == Format.MOVIELENS_1M || config.format() == Format.MOVIELENS_CSV;
    }

    /** Columns {@code user, item, rating, label, time, reason}. */
    Dataset<Row> interactions(Dataset<Row> log, Instant now) {
        String rating = columns.rating() == null ? "CAST(NULL AS DOUBLE)" : NUMBER.formatted(name(columns.rating()));
        String label = columns.label() == null
                ? "_rating > CAST(%s AS DOUBLE)".formatted(config.threshold())
                : "try_cast(%s AS BOOLEAN)".formatted(name(columns.label()));
        boolean stars = config.format() != Format.TABLE;
        return log.withColumn("_rating", expr(rating))
                .selectExpr(
                        "NULLIF(%s, '') AS user".formatted(name(columns.user())),
                        "NULLIF(%s, '') AS item".formatted(name(columns.item())),
                        time() + " AS time",
                        "_rating",
                        label + " AS label",
                        Logs.REASON)
                .withColumn("rating", expr("CAST(coalesce(_rating, CAST(CAST(label AS INT) AS DOUBLE)) AS FLOAT)"))
                .selectExpr("user", "item", "rating", "label", "time", """
                        CASE WHEN %s IS NOT NULL THEN %s
                             WHEN user IS NULL OR item IS NULL THEN 'MISSING_ID'
                             WHEN %s THEN 'UNPARSABLE'
                             WHEN rating IS NULL OR isnan(rating) OR abs(rating) = float('inf') OR label IS NULL OR time IS NULL THEN 'UNPARSABLE'
                             WHEN rating < 0 OR time < 0 THEN 'NEGATIVE'
                             WHEN %s THEN 'NEGATIVE'
                             WHEN %s THEN 'OUT_OF_RANGE'
                             WHEN time > %d THEN 'FUTURE_TIME' END AS reason""".formatted(
                                Logs.REASON,
                                Logs.REASON,
                                wholeNumberIds ? notWhole("user") + " OR " + notWhole("item") : "FALSE",
                                wholeNumberIds ? "startswith(user, '-') OR startswith(item, '-')" : "FALSE",
                                stars ? "rating = 0 OR rating > 5" : "FALSE",
                                now.getEpochSecond()));
    }

    /** Columns {@code id, t0, t1, …, reason}. */
    Dataset<Row> items(Dataset<Row> log) {
        String id = config.items() == null ? columns.item() : columns.idInItems();
        // MovieLens' own files name the item otherwise than the ratings do
        String present = java.util.List.of(log.columns()).contains(id) ? id : log.columns()[0];
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < columns.text().size(); i++) {
            texts.append(", %s AS t%d".formatted(name(columns.text().get(i)), i));
        }
        String reason = """
                CASE WHEN %s IS NOT NULL THEN %s WHEN id IS NULL THEN 'MISSING_ID'
                     WHEN %s THEN 'UNPARSABLE' WHEN %s THEN 'NEGATIVE' END""".formatted(
                        Logs.REASON,
                        Logs.REASON,
                        wholeNumberIds ? notWhole("id") : "FALSE",
                        wholeNumberIds ? "startswith(id, '-')" : "FALSE");
        return log.selectExpr(("NULLIF(%s, '') AS id" + texts + ", " + Logs.REASON)
                        .formatted(name(present))
                        .split(", (?=[`_])"))
                .withColumn("reason", expr(reason))
                .drop(Logs.REASON);
    }

    private String time() {
        String value = name(columns.time());
        return switch (columns.timeUnit()) {
            case SECONDS -> seconds(value, 1);
            case MILLISECONDS -> seconds(value, 1_000);
            case MICROSECONDS -> seconds(value, 1_000_000);
            case ISO -> "unix_seconds(try_cast(%s AS TIMESTAMP))".formatted(value);
        };
    }

    private static String seconds(String value, int unitsPerSecond) {
        String number = NUMBER.formatted(value);
        return "CASE WHEN abs(%1$s) < 9.2e18D THEN CAST(floor((%1$s) / %2$dD) AS BIGINT) END"
                .formatted(number, unitsPerSecond);
    }

    private static String notWhole(String value) {
        return "NOT (CAST(try_cast(%1$s AS BIGINT) AS STRING) <=> %1$s)".formatted(value);
    }

    private static String name(String column) {
        if (column.contains("`")) {
            throw new UserException("data.columns: %s, must have no backtick".formatted(column));
        }
        return "`" + column + "`";
    }
}
