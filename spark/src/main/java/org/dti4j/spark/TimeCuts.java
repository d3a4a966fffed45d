package org.dti4j.spark;

import static org.apache.spark.sql.functions.expr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dti4j.data.Part;
import org.dti4j.data.Split;

/**
 * The split by one global cut in time, ties by user and then item. As in the local preparation a histogram finds the stretch of time in which
 * a cut lies, and only that is sorted.
 *
 * @param kept columns {@code user_index, item_index, time} among others
 */
record TimeCuts(Dataset<Row> kept, long interactions) {
    private static final int STRETCHES = 4096;

    /** An SQL expression of a row's part. */
    String part(Split split) {
        BigDecimal train = BigDecimal.valueOf(split.train());
        BigDecimal validation = train.add(BigDecimal.valueOf(split.validation()));
        return "CAST(CASE WHEN %s THEN %d WHEN %s THEN %d ELSE %d END AS TINYINT)"
                .formatted(
                        isBefore(share(train)),
                        Part.TRAIN.code(),
                        isBefore(share(validation)),
                        Part.VALIDATION.code(),
                        Part.TEST.code());
    }

    private long share(BigDecimal share) {
        return share.multiply(BigDecimal.valueOf(interactions))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private String isBefore(long count) {
        if (count >= interactions) {
            return "TRUE";
        }
        Row row = rowAt(count);
        return "(time < %1$d OR (time = %1$d AND (user_index < %2$d OR (user_index = %2$d AND item_index < %3$d))))"
                .formatted(row.getLong(0), row.getInt(1), row.getInt(2));
    }

    private Row rowAt(long place) {
        Row range = kept.selectExpr("min(time)", "max(time)").head();
        long first = range.getLong(0);
        long width = (range.getLong(1) - first) / STRETCHES + 1;
        String stretch = "(time - %dL) DIV %dL".formatted(first, width);
        List<Row> stretches = kept.groupBy(expr(stretch).as("stretch"))
                .count()
                .orderBy("stretch")
                .collectAsList();
        long before = 0;
        for (Row candidate : stretches) {
            if (before + candidate.getLong(1) > place) {
                return kept.where("%s = %dL".formatted(stretch, candidate.getLong(0)))
                        .selectExpr("time", "user_index", "item_index")
                        .orderBy("time", "user_index", "item_index")
                        .offset((int) (place - before))
                        .limit(1)
                        .head();
            }
            before += candidate.getLong(1);
        }
        throw new IllegalStateException("no row " + place + " among " + before);
    }
}
