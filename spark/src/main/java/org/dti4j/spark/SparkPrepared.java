package org.dti4j.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedFiles;
import org.dti4j.data.Statistics;
import org.dti4j.problem.UserException;

/**
 * Prepared data, in the order and with the columns of a prepared folder's files. The cluster keeps tables that they are made of until this is
 * closed.
 */
public final class SparkPrepared implements AutoCloseable {
    private final Dataset<Row> interactions;
    private final Dataset<Row> items;
    private final Counts counts;
    private final Cached cached;

    SparkPrepared(Dataset<Row> interactions, Dataset<Row> items, Counts counts, Cached cached) {
        this.interactions = interactions;
        this.items = items;
        this.counts = counts;
        this.cached = cached;
    }

    /** Columns {@code user_index, user_id, item_index, item_id, rating, label, time, part}. */
    public Dataset<Row> interactions() {
        return interactions;
    }

    /** Columns {@code item_index, item_id}, and the text columns. */
    public Dataset<Row> items() {
        return items;
    }

    /**
     * Writes a prepared folder, each table a folder of Parquet files.
     *
     * @param folder on any file system that Hadoop knows
     */
    public Statistics write(String folder) {
        Path root = new Path(folder);
        interactions.write().parquet(new Path(root, PreparedFiles.INTERACTIONS).toString());
        items.write().parquet(new Path(root, PreparedFiles.ITEMS).toString());
        Dataset<Row> written =
                interactions.sparkSession().read().parquet(new Path(root, PreparedFiles.INTERACTIONS).toString());
        Dataset<Row> writtenItems =
                interactions.sparkSession().read().parquet(new Path(root, PreparedFiles.ITEMS).toString());
        Statistics statistics = count(written, writtenItems);
        // last: it says that the folder is whole
        Path file = new Path(root, PreparedFiles.STATISTICS);
        try {
            FileSystem files = file.getFileSystem(
                    interactions.sparkSession().sparkContext().hadoopConfiguration());
            try (OutputStream out = files.create(file, true)) {
                out.write(PreparedFiles.json(statistics));
            }
        } catch (IOException e) {
            throw new UserException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
        }
        return statistics;
    }

    private Statistics count(Dataset<Row> written, Dataset<Row> writtenItems) {
        SortedMap<Part, Statistics.PartStatistics> parts = new TreeMap<>();
        for (Part part : Part.values()) {
            Row row = written.where("part = " + part.code())
                    .selectExpr(
                            "count(*)",
                            "count_if(label)",
                            "count(DISTINCT user_index)",
                            "coalesce(min(time), 0L)",
                            "coalesce(max(time), 0L)")
                    .head();
            parts.put(
                    part,
                    new Statistics.PartStatistics(
                            row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)));
        }
        Row lengths = written.groupBy("user_index")
                .count()
                .selectExpr(
                        "count(*)",
                        "min(count)",
                        "avg(count)",
                        "percentile_disc(0.5) WITHIN GROUP (ORDER BY count)",
                        "percentile_disc(0.9) WITHIN GROUP (ORDER BY count)",
                        "max(count)")
                .head();
        return new Statistics(
                lengths.getLong(0),
                writtenItems.count(),
                parts.values().stream()
                        .mapToLong(Statistics.PartStatistics::interactions)
                        .sum(),
                parts.values().stream()
                        .mapToLong(Statistics.PartStatistics::positives)
                        .sum(),
                new Statistics.Lengths(
                        lengths.getLong(1),
                        lengths.getDouble(2),
                        ((Number) lengths.get(3)).longValue(),
                        ((Number) lengths.get(4)).longValue(),
                        lengths.getLong(5)),
                parts,
                withoutText(writtenItems),
                counts.pruned(),
                counts.interactions(),
                counts.items());
    }

    private static SortedMap<String, Long> withoutText(Dataset<Row> items) {
        SortedMap<String, Long> empty = new TreeMap<>();
        for (String column : items.columns()) {
            if (!column.equals("item_index") && !column.equals("item_id")) {
                empty.put(
                        column,
                        items.where(items.col("`" + column + "`").equalTo("")).count());
            }
        }
        return empty;
    }

    @Override
    public void close() {
        cached.close();
    }
}
