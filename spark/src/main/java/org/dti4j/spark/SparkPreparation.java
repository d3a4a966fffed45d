package org.dti4j.spark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.dti4j.data.BadRow;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Format;
import org.dti4j.data.ItemText;
import org.dti4j.problem.UserException;

/**
 * The preparation of {@link org.dti4j.data.Preparation}, as operations on DataFrames: the same rows in the same order for the same log,
 * however it is partitioned. No operation gathers a user or all ids in one task: ids are numbered in a distributed order, and what is sorted
 * at the end is sorted by user, time and item together, so that a user of millions of rows is spread over tasks.
 */
public final class SparkPreparation {
    private final DataConfig config;
    private final Instant now;
    private final Rows rows;

    private SparkPreparation(DataConfig config, Instant now) {
        this.config = config;
        this.now = now;
        this.rows = new Rows(config);
    }

    /**
     * Prepares a log.
     *
     * @param config which columns mean what, and what is pruned; its files are not read here ({@link Logs#read} does)
     * @param now rows with a later time are bad
     * @throws UserException if too many rows are bad, or if nothing is left
     */
    public static SparkPrepared prepare(Logs logs, DataConfig config, Instant now) {
        return new SparkPreparation(config, now).prepare(logs);
    }

    private SparkPrepared prepare(Logs logs) {
        Dataset<Row> itemRows = rows.items(logs.items());
        if (config.items() == null) {
            itemRows = itemRows.distinct();
        } else {
            checked(itemRows, "data.items");
        }
        Dataset<Row> catalogue = catalogue(itemRows.where("reason IS NULL")).persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> marked = rows.interactions(logs.interactions(), now)
                .join(catalogue.select(col("id").as("item"), col("known")), functionsSeq("item"), "left")
                .withColumn(
                        "reason",
                        expr("CASE WHEN reason IS NULL AND known IS NULL THEN 'UNKNOWN_ITEM' ELSE reason END"))
                .drop("known")
                .persist(StorageLevel.MEMORY_AND_DISK());
        checked(marked, "data.interactions");
        Dataset<Row> interactions = merged(marked.where("reason IS NULL")).persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> itemNumbers = Ranks.of(interactions
                        .groupBy(col("item").as("id"))
                        .count()
                        .where("count >= " + config.minimumInteractions())
                        .select("id"))
                .persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> itemsKept = interactions.join(
                itemNumbers.select(col("id").as("item"), col("number").as("item_index")), functionsSeq("item"));
        Dataset<Row> userNumbers =
                Ranks.of(itemsKept.select(col("user").as("id")).distinct());
        Dataset<Row> kept = itemsKept
                .join(userNumbers.select(col("id").as("user"), col("number").as("user_index")), functionsSeq("user"))
                .persist(StorageLevel.MEMORY_AND_DISK());
        long count = kept.count();
        if (count == 0) {
            throw new UserException("data.minimumInteractions = %d, must be lower: no item has as many interactions"
                    .formatted(config.minimumInteractions()));
        }
        return new SparkPrepared(
                finished(kept, new TimeCuts(kept, count).part(config.split())), items(catalogue, itemNumbers));
    }

    private static scala.collection.immutable.Seq<String> functionsSeq(String column) {
        return scala.jdk.javaapi.CollectionConverters.asScala(List.of(column)).toSeq();
    }

    private void checked(Dataset<Row> marked, String file) {
        SortedMap<String, Long> bad = new TreeMap<>();
        long all = 0;
        for (Row row : marked.groupBy("reason").count().collectAsList()) {
            all += row.getLong(1);
            if (!row.isNullAt(0)) {
                bad.put(BadRow.Reason.valueOf(row.getString(0)).words(), row.getLong(1));
            }
        }
        long wrong = bad.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0 || wrong > config.badShare() * all || wrong == all) {
            throw new UserException("%s: %d of %d rows are bad %s, data.allowedBadShare = %s"
                    .formatted(file, wrong, all, bad, config.badShare()));
        }
    }

    /** Of several rows with one id that with the most columns and the longest texts. */
    private Dataset<Row> catalogue(Dataset<Row> itemRows) {
        List<String> texts = IntStream.range(0, config.columnsInForce().text().size())
                .mapToObj(i -> "t" + i)
                .toList();
        List<Column> cleaned = new ArrayList<>(List.of(col("id")));
        for (int i = 0; i < texts.size(); i++) {
            cleaned.add(functions
                    .udf(cleaner(config.format(), config.columnsInForce().text().get(i)), DataTypes.StringType)
                    .apply(col(texts.get(i)))
                    .as(texts.get(i)));
        }
        String filled =
                texts.stream().map(text -> "IF(%s <> '', 1, 0)".formatted(text)).collect(Collectors.joining(" + "));
        return itemRows.select(cleaned.toArray(Column[]::new))
                .withColumn(
                        "choice",
                        expr("row_number() OVER (PARTITION BY id ORDER BY %s DESC, octet_length(concat(%s)) DESC, %s)"
                                .formatted(filled, String.join(", ", texts), String.join(", ", texts))))
                .where("choice = 1")
                .drop("choice")
                .withColumn("known", expr("TRUE"));
    }

    private static UDF1<String, String> cleaner(Format format, String column) {
        return value -> ItemText.clean(format, column, value);
    }

    /** Of several rows with one user, item and time the highest rating; users of the sample only. */
    private Dataset<Row> merged(Dataset<Row> good) {
        Dataset<Row> sampled = config.maximumUsers() == 0
                ? good
                : good.join(
                        broadcast(good.select("user")
                                .distinct()
                                .orderBy(expr("md5(CAST(user AS BINARY))"), col("user"))
                                .limit(config.maximumUsers())),
                        functionsSeq("user"));
        return sampled.groupBy("user", "item", "time")
                .agg(expr("max(rating) AS rating"), expr("bool_or(label) AS label"));
    }

    private static Dataset<Row> finished(Dataset<Row> kept, String part) {
        return kept.orderBy("user_index", "time", "item_index")
                .selectExpr(
                        "user_index",
                        "user AS user_id",
                        "item_index",
                        "item AS item_id",
                        "rating",
                        "label",
                        "time",
                        part + " AS part");
    }

    private Dataset<Row> items(Dataset<Row> catalogue, Dataset<Row> numbers) {
        List<String> columns = new ArrayList<>(List.of("number AS item_index", "id AS item_id"));
        List<String> texts = config.columnsInForce().text();
        for (int i = 0; i < texts.size(); i++) {
            columns.add("t%d AS `%s`".formatted(i, texts.get(i)));
        }
        return catalogue.join(numbers, functionsSeq("id")).orderBy("number").selectExpr(columns.toArray(String[]::new));
    }
}
