package org.dti4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dti4j.problem.UserException;

/**
 * Scores a DataFrame by a finished run: each row is a user's history and a candidate, as in docs/scoring.md. One model per executor serves all
 * its tasks. Rows of one history come to one task, next to each other, so that the history is read once for all its candidates.
 */
public final class SparkScoring {
    /** The column that is added. */
    public static final String PROBABILITY = "probability";

    private static final String HISTORY = "_history";
    private static final String PLACE = "_place";

    private SparkScoring() {}

    /**
     * Adds the column {@code probability}; null where the history cannot be read, it or the item is not of the run's catalogue, or the run's
     * prompts say ratings and one is missing or has more than one decimal.
     *
     * @param rows {@code item}: the candidate; {@code history}: a list of structs with {@code item}, {@code liked} and perhaps {@code rating},
     *     oldest first, or the same as JSON. Other columns pass through; the order of rows does not
     * @param run folder of a finished run, on any file system of Hadoop's; it must stay as it is until the rows are scored
     */
    public static Dataset<Row> score(Dataset<Row> rows, String run) {
        StructType schema = schema(rows.schema());
        Dataset<Row> grouped =
                rows.withColumn(HISTORY, history(rows)).withColumn(PLACE, expr("xxhash64(%s)".formatted(HISTORY)));
        // whoever has millions of candidates for one history has them in one task: cut them by another column
        // beforehand
        return grouped.repartition(col(PLACE))
                .sortWithinPartitions(PLACE)
                .drop(PLACE)
                .mapPartitions(scored(FinishedRun.of(run)), Encoders.row(schema));
    }

    /** A row as it comes out. */
    static StructType schema(StructType rows) {
        for (String name : new String[] {"item", "history"}) {
            if (!java.util.List.of(rows.fieldNames()).contains(name)) {
                throw new UserException("the rows have no column %s; their columns are %s"
                        .formatted(name, String.join(", ", rows.fieldNames())));
            }
        }
        return rows.add(PROBABILITY, DataTypes.DoubleType);
    }

    private static MapPartitionsFunction<Row, Row> scored(FinishedRun run) {
        return (Iterator<Row> partition) -> new ScoredRows(Models.of(run), partition);
    }

    /** Null where it is not readable; no history is an empty one. */
    private static Column history(Dataset<Row> rows) {
        Column history = rows.col("history");
        boolean text = rows.schema().apply("history").dataType().equals(DataTypes.StringType);
        Column json = text ? history : to_json(history);
        return when(json.isNull().or(json.equalTo("")), from_json(lit("[]"), Histories.TYPE))
                .otherwise(from_json(json, Histories.TYPE));
    }
}
