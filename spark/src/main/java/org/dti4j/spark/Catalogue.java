package org.dti4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Format;
import org.dti4j.data.ItemText;

/**
 * The items of a log, one row each, with cleaned texts.
 *
 * @param table columns {@code id, t0, t1, …}
 * @param columns names of the texts, in the order of {@code t0, t1, …}
 * @param items how many
 * @param duplicates rows that repeat an id
 * @param conflicting ids whose texts differ from row to row
 */
record Catalogue(Dataset<Row> table, List<String> columns, long items, long duplicates, long conflicting) {
    /**
     * Of several rows with one id that with the most columns and the longest texts.
     *
     * @param rows columns {@code id, t0, t1, …, reason}
     */
    static Catalogue of(Dataset<Row> rows, DataConfig config, Cached cached) {
        List<String> columns = config.columnsInForce().text();
        List<String> texts =
                IntStream.range(0, columns.size()).mapToObj(i -> "t" + i).toList();
        List<Column> cleaned = new ArrayList<>(List.of(col("id")));
        for (int i = 0; i < texts.size(); i++) {
            cleaned.add(udf(cleaner(config.format(), columns.get(i)), DataTypes.StringType)
                    .apply(col(texts.get(i)))
                    .as(texts.get(i)));
        }
        Dataset<Row> all = rows.where("reason IS NULL").select(cleaned.toArray(Column[]::new));
        String filled =
                texts.stream().map(text -> "IF(%s <> '', 1, 0)".formatted(text)).collect(Collectors.joining(" + "));
        String joined = String.join(", ", texts);
        String byId = "OVER (PARTITION BY id ORDER BY %s DESC, octet_length(concat(%s)) DESC, %s)"
                .formatted(filled, joined, joined);
        String counts = "OVER (PARTITION BY id)";
        Dataset<Row> table = cached.keep(all.withColumn("choice", expr("row_number() " + byId))
                .withColumn("copies", expr("count(*) " + counts))
                .withColumn(
                        "conflicting",
                        expr("min(struct(%1$s)) %2$s <> max(struct(%1$s)) %2$s".formatted(joined, counts)))
                .where("choice = 1")
                .drop("choice"));
        Row row = table.selectExpr("count(*)", "coalesce(sum(copies), 0L)", "count_if(conflicting)")
                .head();
        return new Catalogue(
                table.drop("copies", "conflicting"),
                columns,
                row.getLong(0),
                row.getLong(1) - row.getLong(0),
                row.getLong(2));
    }

    private static UDF1<String, String> cleaner(Format format, String column) {
        return value -> ItemText.clean(format, column, value);
    }

    /** Marks good rows whose item is not of this catalogue. */
    Dataset<Row> markUnknown(Dataset<Row> interactions) {
        return interactions
                .join(table.select(col("id").as("item"), expr("TRUE AS known")), Columns.of("item"), "left")
                .withColumn(
                        "reason",
                        expr("CASE WHEN reason IS NULL AND known IS NULL THEN 'UNKNOWN_ITEM' ELSE reason END"))
                .drop("known");
    }

    /** The items that have a number, in the order of the numbers, with the columns of a prepared folder. */
    Dataset<Row> numbered(Dataset<Row> numbers) {
        List<String> wanted = new ArrayList<>(List.of("number AS item_index", "id AS item_id"));
        for (int i = 0; i < columns.size(); i++) {
            wanted.add("t%d AS `%s`".formatted(i, columns.get(i)));
        }
        return table.join(numbers, Columns.of("id")).orderBy("number").selectExpr(wanted.toArray(String[]::new));
    }
}
