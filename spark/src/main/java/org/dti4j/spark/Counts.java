package org.dti4j.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dti4j.data.BadRow;
import org.dti4j.data.Statistics;
import org.dti4j.problem.UserException;

/**
 * What became of the rows of a log: the numbers of the local preparation. Examples of bad rows there are none, since a row of a DataFrame has
 * no line.
 *
 * @param pruned what was left out because its item has too few interactions
 * @param interactions rows of the interactions
 * @param items rows of the items
 */
record Counts(Statistics.Pruned pruned, Statistics.Rows interactions, Statistics.Rows items) {
    /**
     * Rows of one table, bad ones by their reason.
     *
     * @param file its name
     */
    record Read(String file, long rows, SortedMap<BadRow.Reason, Long> bad) {
        /** Counts by the column {@code reason}. */
        static Read of(Dataset<Row> marked, Path file) {
            SortedMap<BadRow.Reason, Long> bad = new TreeMap<>();
            long rows = 0;
            for (Row row : marked.groupBy("reason").count().collectAsList()) {
                rows += row.getLong(1);
                if (!row.isNullAt(0)) {
                    bad.put(BadRow.Reason.valueOf(row.getString(0)), row.getLong(1));
                }
            }
            return new Read(String.valueOf(file.getFileName()), rows, bad);
        }

        long good() {
            return rows - bad.values().stream().mapToLong(Long::longValue).sum();
        }

        /** @throws UserException if more than {@code share} of the rows is bad, or nothing is left */
        Read check(String key, double share) {
            long wrong = rows - good();
            if (wrong > share * rows || wrong == rows) {
                SortedMap<String, Long> words = new TreeMap<>();
                bad.forEach((reason, count) -> words.put(reason.words(), count));
                throw new UserException("%s: %d of %d rows are bad %s, data.allowedBadShare = %s"
                        .formatted(key, wrong, rows, words, share));
            }
            return this;
        }

        Statistics.Rows statistics(long duplicates, long conflicting, long leftOut) {
            return new Statistics.Rows(file, rows, bad, duplicates, conflicting, leftOut, List.of());
        }
    }

    /**
     * Interactions after duplicates were merged.
     *
     * @param rows interactions
     * @param copies rows that they were made of
     * @param conflicting of rows that differ
     */
    record Merged(long rows, long copies, long conflicting, long users) {
        static Merged of(Dataset<Row> interactions) {
            Row row = interactions
                    .selectExpr(
                            "count(*)", "coalesce(sum(copies), 0L)", "count_if(conflicting)", "count(DISTINCT user)")
                    .head();
            return new Merged(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3));
        }

        Statistics.Rows statistics(Read read) {
            return read.statistics(copies - rows, conflicting, read.good() - copies);
        }
    }
}
