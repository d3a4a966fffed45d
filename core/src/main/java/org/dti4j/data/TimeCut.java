package org.dti4j.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * The split by one global cut in time: interactions are ordered by time, ties by user and then item, and the first 80 % are for
 * training (docs/method.md section 8). The order is never made as a whole: a histogram finds the stretch of time in which a cut lies, and
 * only that stretch is sorted.
 */
final class TimeCut {
    private static final int STRETCHES = 4096;
    private static final String KEPT = "interactions WHERE item IN (SELECT old FROM kept_items)";

    private final Database database;

    TimeCut(Database database) {
        this.database = database;
    }

    /**
     * An SQL expression of a row's part.
     *
     * @param interactions that are kept
     */
    String part(Split split, long interactions) {
        BigDecimal train = BigDecimal.valueOf(split.train());
        BigDecimal validation = train.add(BigDecimal.valueOf(split.validation()));
        return "CASE WHEN %s THEN %d WHEN %s THEN %d ELSE %d END"
                .formatted(
                        isBefore(share(train, interactions), interactions),
                        Part.TRAIN.code(),
                        isBefore(share(validation, interactions), interactions),
                        Part.VALIDATION.code(),
                        Part.TEST.code());
    }

    private static long share(BigDecimal share, long interactions) {
        return share.multiply(BigDecimal.valueOf(interactions))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** An SQL condition that holds for the first {@code count} rows in the order of time, user and item. */
    private String isBefore(long count, long interactions) {
        if (count >= interactions) {
            return "TRUE";
        }
        long[] row = rowAt(count);
        return "(time < %d OR (time = %d AND (\"user\" < %d OR (\"user\" = %d AND item < %d))))"
                .formatted(row[0], row[0], row[1], row[1], row[2]);
    }

    private record Stretch(long number, long size) {}

    private long[] rowAt(long place) {
        long first = database.number("SELECT min(time) FROM " + KEPT);
        long width = (database.number("SELECT max(time) FROM " + KEPT) - first) / STRETCHES + 1;
        String stretch = "(time - %d) // %d".formatted(first, width);
        List<Stretch> stretches = database.rows(
                "SELECT %s AS stretch, count(*) FROM %s GROUP BY stretch ORDER BY stretch".formatted(stretch, KEPT),
                row -> new Stretch(row.getLong(1), row.getLong(2)));
        long before = 0;
        for (Stretch candidate : stretches) {
            if (before + candidate.size > place) {
                String sql =
                        "SELECT time, \"user\", item FROM %s AND %s = %d ORDER BY time, \"user\", item LIMIT 1 OFFSET %d"
                                .formatted(KEPT, stretch, candidate.number, place - before);
                return database.rows(sql, row -> new long[] {row.getLong(1), row.getLong(2), row.getLong(3)})
                        .get(0);
            }
            before += candidate.size;
        }
        throw new IllegalStateException("no row " + place + " among " + before);
    }
}
