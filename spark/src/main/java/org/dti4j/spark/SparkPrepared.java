package org.dti4j.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
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
 * Prepared data, in the order and with the columns of a prepared folder's files.
 *
 * @param interactions {@code user_index, user_id, item_index, item_id, rating, label, time, part}
 * @param items {@code item_index, item_id}, and the text columns
 */
public record SparkPrepared(Dataset<Row> interactions, Dataset<Row> items) {
    /**
     * Writes a prepared folder, each table a folder of Parquet files; what was counted of the log's rows is not in it.
     *
     * @param folder on any file system that Hadoop knows
     */
    public Statistics write(String folder) {
        Path root = new Path(folder);
        interactions.write().parquet(new Path(root, PreparedFiles.INTERACTIONS).toString());
        items.write().parquet(new Path(root, PreparedFiles.ITEMS).toString());
        Dataset<Row> written =
                interactions.sparkSession().read().parquet(new Path(root, PreparedFiles.INTERACTIONS).toString());
        Statistics statistics = count(written, items.count());
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

    private static Statistics count(Dataset<Row> written, long items) {
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
        Statistics.Rows none = new Statistics.Rows("", 0, new TreeMap<>(), 0, 0, 0, List.of());
        return new Statistics(
                lengths.getLong(0),
                items,
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
                new TreeMap<>(),
                new Statistics.Pruned(0, 0, 0),
                none,
                none);
    }
}
