package org.dti4j.spark;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Format;
import org.dti4j.distribute.Collective;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code spark-submit} starts. Files are those of Spark's default file system, if they name no other.
 *
 * <pre>
 * prepare FORMAT INTERACTIONS ITEMS OUT     movielens-1m, movielens-csv, amazon-2018 → a prepared folder
 * train CONFIG PREPARED OUT SLOTS [GLOO]    CONFIG is JSON, such as the scoring.json of a run → a run folder
 * score RUN INPUT OUTPUT                    Parquet → Parquet with a column probability
 * </pre>
 */
public final class Submitted {
    private Submitted() {}

    /** @throws UserException that says what would be right; Spark shows it as the reason of the failure */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        SparkSession spark = SparkSession.builder().appName("dti4j").getOrCreate();
        String verb = words.isEmpty() ? "" : words.get(0);
        switch (verb + " " + words.size()) {
            case "prepare 5" -> prepare(spark, words);
            case "train 5", "train 6" -> {
                String config = spark.sparkContext()
                        .wholeTextFiles(words.get(1), 1)
                        .first()
                        ._2();
                RunConfig run = JsonMapper.shared().readValue(config.getBytes(StandardCharsets.UTF_8), RunConfig.class);
                Collective collective =
                        words.size() == 5 ? Collective.RING : Collective.of(words.get(5), "the collective");
                SparkTraining.train(spark, run, words.get(2), words.get(3), Integer.parseInt(words.get(4)), collective);
            }
            case "score 4" ->
                SparkScoring.score(spark.read().parquet(words.get(2)), words.get(1))
                        .write()
                        .parquet(words.get(3));
            default ->
                throw new UserException(
                        "%s, must be prepare FORMAT INTERACTIONS ITEMS OUT, train CONFIG PREPARED OUT SLOTS [GLOO], or score RUN INPUT OUTPUT"
                                .formatted(String.join(" ", words)));
        }
    }

    private static void prepare(SparkSession spark, List<String> words) {
        Format format = Format.valueOf(words.get(1).toUpperCase(Locale.ROOT).replace('-', '_'));
        DataConfig config = DataConfig.of(format, Path.of(words.get(2)), Path.of(words.get(3)));
        try (SparkPrepared prepared =
                SparkPreparation.prepare(Logs.read(spark, config, words.get(2), words.get(3)), config, Instant.now())) {
            prepared.write(words.get(4));
        }
    }
}
