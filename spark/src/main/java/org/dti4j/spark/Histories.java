package org.dti4j.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;

/** Histories as columns have them: lists of {@code item}, {@code liked} and, if feedback needs it, {@code rating}, oldest first. */
final class Histories {
    private Histories() {}

    /** What {@code from_json} makes of the JSON of docs/scoring.md. */
    static final ArrayType TYPE = DataTypes.createArrayType(new StructType()
            .add("item", DataTypes.StringType)
            .add("liked", DataTypes.BooleanType)
            .add("rating", DataTypes.DoubleType));

    /** @return null if the list is not one of interactions */
    static @Nullable List<Interaction> read(@Nullable List<Row> list) {
        if (list == null) {
            return null;
        }
        List<Interaction> history = new ArrayList<>();
        for (Row entry : list) {
            if (entry == null || entry.isNullAt(0) || entry.isNullAt(1)) {
                return null;
            }
            double rating = entry.isNullAt(2) ? Double.NaN : entry.getDouble(2);
            history.add(new Interaction(entry.getString(0), entry.getBoolean(1), rating));
        }
        return history;
    }
}
