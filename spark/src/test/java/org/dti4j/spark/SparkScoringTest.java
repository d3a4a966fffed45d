package org.dti4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dti4j.data.ItemFile;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.TinyRun;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DataFrames and streams get the probabilities of the library, whatever way they go. */
class SparkScoringTest {
    private static final StructType ROWS = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("history", DataTypes.StringType)
            .add("item", DataTypes.StringType);

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static String run;
    private static ClickScorer scorer;

    @BeforeAll
    static void train() {
        Path trained = folder.resolve("run");
        TinyRun.train(trained);
        run = trained.toUri().toString();
        scorer = ClickScorer.load(trained, System::nanoTime);
        spark = TestSpark.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
        scorer.close();
    }

    private static String id(int item) {
        return scorer.items().get(item).id();
    }

    private static List<Interaction> history(int seed) {
        List<Interaction> history = new ArrayList<>();
        for (int i = 0; i < seed % 6; i++) {
            history.add(new Interaction(id((seed * 5 + i * 3) % scorer.items().size()), (seed + i) % 3 > 0));
        }
        return history;
    }

    private static String json(List<Interaction> history) {
        List<String> entries = history.stream()
                .map(each -> "{\"item\":\"%s\",\"liked\":%s}".formatted(each.item(), each.liked()))
                .toList();
        return "[" + String.join(",", entries) + "]";
    }

    private static Dataset<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(RowFactory.create(
                    i, json(history(i % 7)), id(i % scorer.items().size())));
        }
        rows.add(RowFactory.create(60, null, id(0)));
        rows.add(RowFactory.create(61, "", id(1)));
        rows.add(RowFactory.create(62, "[{\"item\":", id(1)));
        rows.add(RowFactory.create(63, json(history(5)), "no such item"));
        rows.add(RowFactory.create(64, "[{\"item\":\"no such item\",\"liked\":true}]", id(1)));
        return spark.createDataFrame(rows, ROWS).repartition(3);
    }

    private static Map<Integer, Object> probabilities(Dataset<Row> scored) {
        Map<Integer, Object> found = new HashMap<>();
        for (Row row : scored.collectAsList()) {
            assertThat(found.put(
                            row.getInt(row.fieldIndex("id")), String.valueOf(row.get(row.fieldIndex("probability")))))
                    .isNull();
        }
        return found;
    }

    private static void expectTheLibrarys(Dataset<Row> scored) {
        Map<Integer, Object> found = probabilities(scored);
        assertThat(found).hasSize(65);
        for (int i = 0; i < 60; i++) {
            double expected =
                    scorer.score(history(i % 7), List.of(id(i % scorer.items().size())))[0];
            assertThat(Double.parseDouble(String.valueOf(found.get(i)))).isCloseTo(expected, within(1e-5));
        }
        double empty = scorer.score(List.of(), List.of(id(0)))[0];
        assertThat(Double.parseDouble(String.valueOf(found.get(60)))).isCloseTo(empty, within(1e-5));
        assertThat(found.get(61)).isNotEqualTo("null");
        assertThat(List.of(found.get(62), found.get(63), found.get(64))).containsOnly("null");
    }

    @Test
    void aDataFrameIsScoredAsByTheLibrary() {
        Dataset<Row> scored = SparkScoring.score(rows(), run);
        assertThat(scored.columns()).containsExactly("id", "history", "item", "probability");
        expectTheLibrarys(scored);
        assertThatThrownBy(() -> SparkScoring.score(rows().drop("history"), run))
                .isInstanceOf(UserException.class)
                .hasMessage("the rows have no column history; their columns are id, item");
    }

    private static Path copiedRun(Path to) throws IOException {
        Path local = Path.of(java.net.URI.create(run));
        try (Stream<Path> content = Files.walk(local)) {
            for (Path path : content.toList()) {
                Path copy = to.resolve(local.relativize(path).toString());
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                Files.copy(path, copy);
            }
        }
        return to;
    }

    /** The same weights, with prompts that say ratings. */
    private static Path ratedRun(Path to) throws IOException {
        Path scoring = copiedRun(to).resolve("scoring.json");
        Files.writeString(scoring, Files.readString(scoring).replace(": {outcome}", ": {outcome} {rating}"));
        return to;
    }

    @Test
    void aRatingThatPromptsCannotSayCostsItsOwnRowsAlone() throws IOException {
        Path rated = ratedRun(folder.resolve("rated"));
        List<String> ratings = List.of("4", "3.14", "null", "2.5");
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ratings.size(); i++) {
            String history = "[{\"item\":\"%s\",\"liked\":true,\"rating\":%s}]".formatted(id(2), ratings.get(i));
            rows.add(RowFactory.create(i, history, id(0)));
        }
        Map<Integer, Object> found = probabilities(SparkScoring.score(
                spark.createDataFrame(rows, ROWS).repartition(1), rated.toUri().toString()));
        assertThat(List.of(found.get(1), found.get(2))).containsOnly("null");
        try (ClickScorer expected = ClickScorer.load(rated, System::nanoTime)) {
            for (int i : List.of(0, 3)) {
                double rating = Double.parseDouble(ratings.get(i));
                assertThat(Double.parseDouble(String.valueOf(found.get(i))))
                        .isCloseTo(
                                expected.score(List.of(new Interaction(id(2), true, rating)), List.of(id(0)))[0],
                                within(1e-5));
            }
        }
    }

    /** Another run in the place of this one. */
    private static void retrain(Path run, long seed) throws IOException {
        Path other = folder.resolve("other-" + seed);
        TinyRun.train(other, "dti", seed);
        for (String file : List.of("metrics.json", "scoring.json", "model/model.safetensors")) {
            Files.copy(other.resolve(file), run.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void aRunThatWasTrainedAnewInItsFolderScoresByItsNewWeights() throws IOException {
        Path changing = copiedRun(folder.resolve("changing"));
        String there = changing.toUri().toString();
        expectTheLibrarys(SparkScoring.score(rows(), there));
        FinishedRun before = FinishedRun.of(there);
        ClickScorer old = Models.of(before);
        Dataset<Row> late = SparkScoring.score(rows(), there);
        retrain(changing, 99);

        Map<Integer, Object> found = probabilities(SparkScoring.score(rows(), there));
        try (ClickScorer young = ClickScorer.load(changing, System::nanoTime)) {
            double expected = young.score(history(5), List.of(id(5)))[0];
            assertThat(expected).isNotCloseTo(scorer.score(history(5), List.of(id(5)))[0], within(1e-4));
            assertThat(Double.parseDouble(String.valueOf(found.get(5)))).isCloseTo(expected, within(1e-5));
        }
        assertThatThrownBy(() -> old.score(List.of(), List.of(id(0))))
                .as("nobody used it any more")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(late::collectAsList)
                .as("an executor that comes late must not score by another model than those before")
                .hasStackTraceContaining("has changed since the scoring was asked for");
    }

    @Test
    void theRunMayLieOnAFileSystemThatOnlyHadoopKnows() throws IOException {
        Path far = copiedRun(TestSpark.far().resolve(String.valueOf(folder.getFileName())));
        Set<String> before = copies();
        expectTheLibrarys(SparkScoring.score(rows(), FarFileSystem.ROOT + "/" + far.getFileName()));
        assertThat(copies()).as("copies that stay").isEqualTo(before);
    }

    /** What was copied from other file systems for this machine. */
    private static Set<String> copies() throws IOException {
        try (Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return temporary
                    .filter(path -> Files.exists(path.resolve("scoring.json")))
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.startsWith("dti4j"))
                    .collect(Collectors.toSet());
        }
    }

    /** As it is written, so it is read: on the default file system. */
    @Test
    void aPathWithoutASchemeIsOfTheDefaultFileSystem() throws IOException {
        Path far = copiedRun(TestSpark.far().resolve(folder.getFileName() + "-default"));
        SparkConf conf = SparkEnv.get().conf();
        conf.set("spark.hadoop.fs.defaultFS", FarFileSystem.ROOT + "/");
        try {
            expectTheLibrarys(SparkScoring.score(rows(), "/" + far.getFileName()));
        } finally {
            conf.remove("spark.hadoop.fs.defaultFS");
        }
    }

    @Test
    void listsOfStructsAreHistoriesToo() {
        Dataset<Row> lists = rows().where("id < 61")
                .selectExpr("id", "from_json(history, 'array<struct<item:string,liked:boolean>>') AS history", "item");
        Map<Integer, Object> found = probabilities(SparkScoring.score(lists, run));
        double expected = scorer.score(history(5), List.of(id(5)))[0];
        assertThat(Double.parseDouble(String.valueOf(found.get(5)))).isCloseTo(expected, within(1e-5));
    }

    @Test
    void theTransformerIsSavedWithItsPipelineAndLoaded() throws IOException {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {new DtiTransformer().setRun(run)});
        String saved = folder.resolve("pipeline").toUri().toString();
        pipeline.fit(rows()).save(saved);
        expectTheLibrarys(PipelineModel.load(saved).transform(rows()));
        DtiTransformer alone = new DtiTransformer().setRun(run);
        String place = folder.resolve("transformer").toUri().toString();
        alone.save(place);
        assertThat(DtiTransformer.load(place).uid()).isEqualTo(alone.uid());
        assertThat(alone.transformSchema(ROWS).fieldNames()).contains("probability");
    }

    private static final StructType EVENTS = new StructType()
            .add("user", DataTypes.StringType)
            .add("item", DataTypes.StringType)
            .add("time", DataTypes.LongType)
            .add("liked", DataTypes.BooleanType)
            .add("rating", DataTypes.DoubleType);

    private static final @Nullable Double UNRATED = null;

    private static void log(Path into, int from, int to) {
        List<Row> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Boolean liked = i % 5 == 4 ? null : Boolean.valueOf(i % 3 > 0);
            events.add(RowFactory.create("u" + i % 4, id(i * 7 % scorer.items().size()), (long) i, liked, UNRATED));
        }
        log(into, events);
    }

    private static void log(Path into, List<Row> events) {
        spark.createDataFrame(events, EVENTS)
                .coalesce(1)
                .write()
                .mode("append")
                .parquet(into.toUri().toString());
    }

    private static void runStream(Path events, Path sink, Path checkpoint) throws Exception {
        runStream(events, run, sink, checkpoint);
    }

    private static void runStream(Path events, String by, Path sink, Path checkpoint) throws Exception {
        Dataset<Row> stream =
                spark.readStream().schema(EVENTS).parquet(events.toUri().toString());
        StreamingQuery query = SparkStreaming.score(stream, by)
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", checkpoint.toUri().toString())
                .trigger(Trigger.AvailableNow())
                .start(sink.toUri().toString());
        query.awaitTermination();
    }

    /** The second restart is that of a query which died between its sink and its own record: it makes the batch again. */
    @Test
    void aStreamGoesOnFromItsCheckpointAndWritesEachEventOnce() throws Exception {
        Path events = folder.resolve("events");
        Path sink = folder.resolve("sink");
        Path checkpoint = folder.resolve("checkpoint");
        log(events, 0, 20);
        runStream(events, sink, checkpoint);
        log(events, 20, 40);
        runStream(events, sink, checkpoint);
        try (Stream<Path> commits = Files.list(checkpoint.resolve("commits"))) {
            for (Path commit : commits.filter(
                            file -> file.getFileName().toString().matches("\\.?1(\\.crc)?"))
                    .toList()) {
                Files.delete(commit);
            }
        }
        runStream(events, sink, checkpoint);

        Map<Long, Double> found = new HashMap<>();
        for (Row row : spark.read().parquet(sink.toUri().toString()).collectAsList()) {
            assertThat(found.put(row.getLong(2), row.getDouble(4)))
                    .as("event %d once", row.getLong(2))
                    .isNull();
        }
        assertThat(found).hasSize(40);
        Map<String, List<Interaction>> histories = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            List<Interaction> history = histories.computeIfAbsent("u" + i % 4, user -> new ArrayList<>());
            String item = id(i * 7 % scorer.items().size());
            assertThat(found.get((long) i))
                    .as("event %d", i)
                    .isCloseTo(scorer.score(history, List.of(item))[0], within(1e-5));
            if (i % 5 != 4) {
                history.add(new Interaction(item, i % 3 > 0));
            }
        }
    }

    private static Map<Long, Object> streamed(Path sink) {
        Map<Long, Object> found = new HashMap<>();
        for (Row row : spark.read().parquet(sink.toUri().toString()).collectAsList()) {
            found.put(row.getLong(2), String.valueOf(row.get(4)));
        }
        return found;
    }

    private static Row event(int item, long time, @Nullable Double rating) {
        return RowFactory.create("ann", id(item), time, true, rating);
    }

    @Test
    void aStreamGoesOnAfterRatingsThatPromptsCannotSay() throws Exception {
        Path rated = ratedRun(folder.resolve("rated-stream"));
        Path events = folder.resolve("rated-events");
        Path sink = folder.resolve("rated-sink");
        Path checkpoint = folder.resolve("rated-checkpoint");
        log(events, List.of(event(1, 1, 4.0), event(2, 2, 3.14), event(3, 3, null)));
        runStream(events, rated.toUri().toString(), sink, checkpoint);
        log(events, List.of(event(4, 4, 2.5)));
        runStream(events, rated.toUri().toString(), sink, checkpoint);
        Map<Long, Object> found = streamed(sink);
        assertThat(found).hasSize(4);
        try (ClickScorer expected = ClickScorer.load(rated, System::nanoTime)) {
            double last = expected.score(List.of(new Interaction(id(1), true, 4)), List.of(id(4)))[0];
            assertThat(Double.parseDouble(String.valueOf(found.get(4L)))).isCloseTo(last, within(1e-5));
        }
    }

    @Test
    void aStreamGoesOnWithARunThatLacksAnItemOfItsState() throws Exception {
        Path pruned = copiedRun(folder.resolve("pruned"));
        ItemFile.write(
                pruned.resolve("items.parquet"),
                scorer.items().stream().filter(item -> !item.id().equals(id(2))).toList());
        Path events = folder.resolve("pruned-events");
        Path sink = folder.resolve("pruned-sink");
        Path checkpoint = folder.resolve("pruned-checkpoint");
        log(events, List.of(event(1, 1, null), event(2, 2, null)));
        runStream(events, run, sink, checkpoint);
        log(events, List.of(event(3, 3, null)));
        runStream(events, pruned.toUri().toString(), sink, checkpoint);
        double expected = scorer.score(List.of(new Interaction(id(1), true)), List.of(id(3)))[0];
        assertThat(Double.parseDouble(String.valueOf(streamed(sink).get(3L)))).isCloseTo(expected, within(1e-5));
    }
}
