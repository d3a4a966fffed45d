package org.dti4j.spark;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dti4j.run.ClickScorer;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scores a stream of events. Each user's last n interactions are Spark's state, so they survive a restart with the query's checkpoint; into a
 * sink that takes each batch once (files, Delta), each event is written once.
 */
public final class SparkStreaming {
    private static final StructType SCORED = new StructType()
            .add("user", DataTypes.StringType)
            .add("item", DataTypes.StringType)
            .add("time", DataTypes.LongType)
            .add("liked", DataTypes.BooleanType)
            .add(SparkScoring.PROBABILITY, DataTypes.DoubleType);

    private SparkStreaming() {}

    /**
     * Scores each event from what its user did before it, and then adds it to that. Within a batch, a user's events are taken in the order of
     * their times, then of their items; an event that comes in a later batch counts as later.
     *
     * @param events {@code user}, {@code item}, {@code time} in seconds, and {@code liked}, null for what is only to be scored; perhaps
     *     {@code rating}
     * @param run folder of a finished run, on any file system of Hadoop's; it must stay as it is while the query runs, which may be started
     *     again with another
     * @return columns {@code user, item, time, liked, probability}; the probability is null for an item that the run does not know, which
     *     does not become part of the history; nor does an event whose rating the run's prompts cannot say
     */
    public static Dataset<Row> score(Dataset<Row> events, String run) {
        boolean rated = List.of(events.columns()).contains("rating");
        Dataset<Row> plain = events.select(
                col("user").cast("string"),
                col("item").cast("string"),
                col("time").cast("long"),
                col("liked").cast("boolean"),
                (rated ? col("rating") : org.apache.spark.sql.functions.lit(null))
                        .cast("double")
                        .as("rating"));
        MapFunction<Row, String> user = event -> event.getString(0);
        FinishedRun finished = FinishedRun.of(run);
        FlatMapGroupsWithStateFunction<String, Row, String, Row> scored =
                (id, batch, state) -> scored(Models.of(finished), batch, state);
        return plain.where("user IS NOT NULL AND item IS NOT NULL AND time IS NOT NULL")
                .groupByKey(user, Encoders.STRING())
                .flatMapGroupsWithState(
                        scored,
                        OutputMode.Append(),
                        Encoders.STRING(),
                        Encoders.row(SCORED),
                        GroupStateTimeout.NoTimeout());
    }

    private static Iterator<Row> scored(ClickScorer scorer, Iterator<Row> batch, GroupState<String> state) {
        List<Interaction> history = state.exists() ? read(state.get()) : new ArrayList<>();
        // the query may have begun with another run: one interaction that this one cannot read must not stop the stream
        history.removeIf(each -> !scorer.reads(each));
        List<Row> events = new ArrayList<>();
        batch.forEachRemaining(events::add);
        events.sort(
                Comparator.comparingLong((Row event) -> event.getLong(2)).thenComparing(event -> event.getString(1)));
        List<Query> queries = new ArrayList<>();
        for (Row event : events) {
            boolean known = scorer.has(event.getString(1));
            // no more than is read: the first batch of a query may bring all that a user ever did
            queries.add(new Query(last(history, scorer.context()), known ? List.of(event.getString(1)) : List.of()));
            if (!event.isNullAt(3) && scorer.reads(interaction(event))) {
                history.add(interaction(event));
            }
        }
        List<double[]> probabilities = scorer.score(queries);
        state.update(JsonMapper.shared().writeValueAsString(last(history, scorer.context())));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Row event = events.get(i);
            double[] found = probabilities.get(i);
            rows.add(RowFactory.create(
                    event.get(0), event.get(1), event.get(2), event.get(3), found.length == 0 ? null : found[0]));
        }
        return rows.iterator();
    }

    private static Interaction interaction(Row event) {
        double rating = event.isNullAt(4) ? Double.NaN : event.getDouble(4);
        return new Interaction(event.getString(1), event.getBoolean(3), rating);
    }

    private static List<Interaction> read(String json) {
        return JsonMapper.shared().readValue(json, new TypeReference<ArrayList<Interaction>>() {});
    }

    private static List<Interaction> last(List<Interaction> history, int count) {
        return history.subList(Math.max(0, history.size() - count), history.size());
    }
}
