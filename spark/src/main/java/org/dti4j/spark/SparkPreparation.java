package org.dti4j.spark;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Statistics;
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
        Cached cached = new Cached();
        try {
            return prepare(logs, cached);
        } catch (RuntimeException e) {
            cached.close();
            throw e;
        }
    }

    private SparkPrepared prepare(Logs logs, Cached cached) {
        Dataset<Row> itemRows = rows.items(logs.items());
        Path file = config.items();
        Counts.Read itemsRead = file == null
                ? new Counts.Read(String.valueOf(config.interactions().getFileName()), 0, new TreeMap<>())
                : Counts.Read.of(itemRows, file).check("data.items", config.badShare());
        Catalogue catalogue = Catalogue.of(file == null ? itemRows.distinct() : itemRows, config, cached);

        Dataset<Row> marked = cached.keep(catalogue.markUnknown(rows.interactions(logs.interactions(), now)));
        Counts.Read read = Counts.Read.of(marked, config.interactions()).check("data.interactions", config.badShare());
        Dataset<Row> interactions = cached.keep(merged(marked.where("reason IS NULL")));
        Dataset<Row> itemNumbers = cached.keep(Ranks.of(interactions
                .groupBy(col("item").as("id"))
                .count()
                .where("count >= " + config.minimumInteractions())
                .select("id")));
        Dataset<Row> itemsKept = interactions.join(
                itemNumbers.select(col("id").as("item"), col("number").as("item_index")), Columns.of("item"));
        Dataset<Row> userNumbers =
                Ranks.of(itemsKept.select(col("user").as("id")).distinct());
        Dataset<Row> kept = cached.keep(itemsKept.join(
                userNumbers.select(col("id").as("user"), col("number").as("user_index")), Columns.of("user")));
        long count = kept.count();
        if (count == 0) {
            throw new UserException("data.minimumInteractions = %d, must be lower: no item has as many interactions"
                    .formatted(config.minimumInteractions()));
        }
        Counts.Merged merged = Counts.Merged.of(interactions);
        long users = kept.selectExpr("max(user_index)").head().getInt(0) + 1L;
        return new SparkPrepared(
                finished(kept, new TimeCuts(kept, count).part(config.split())),
                catalogue.numbered(itemNumbers),
                new Counts(
                        new Statistics.Pruned(
                                catalogue.items() - itemNumbers.count(), merged.rows() - count, merged.users() - users),
                        merged.statistics(read),
                        itemsRead.statistics(catalogue.duplicates(), catalogue.conflicting(), 0)),
                cached);
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
                        Columns.of("user"));
        return sampled.groupBy("user", "item", "time")
                .agg(
                        expr("max(rating) AS rating"),
                        expr("bool_or(label) AS label"),
                        expr("count(*) AS copies"),
                        expr("min(rating) <> max(rating) OR bool_and(label) <> bool_or(label) AS conflicting"));
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
}
