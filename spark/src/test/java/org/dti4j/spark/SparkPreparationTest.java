package org.dti4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Format;
import org.dti4j.data.Preparation;
import org.dti4j.data.PreparedData;
import org.dti4j.data.PreparedFolder;
import org.dti4j.data.Statistics;
import org.dti4j.data.TableColumns;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark prepares what the local preparation prepares: the hash of the content is the same. */
class SparkPreparationTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("dti.root")));
    private static final Path MOVIELENS = ROOT.resolve("data").resolve("ml-latest-small");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DataConfig SMALL =
            DataConfig.of(Format.MOVIELENS_CSV, MOVIELENS.resolve("ratings.csv"), MOVIELENS.resolve("movies.csv"));

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = TestSpark.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private void expectTheSame(DataConfig config, Logs logs) {
        Path local = folder.resolve("local");
        Path distributed = folder.resolve("distributed");
        Statistics expected = Preparation.prepare(config, local, NOW, Progress.SILENT);
        Statistics found;
        try (SparkPrepared prepared = SparkPreparation.prepare(logs, config, NOW)) {
            found = prepared.write(distributed.toUri().toString());
        }
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*examples")
                .isEqualTo(expected);
        assertThat(PreparedFolder.statistics(distributed.resolve("stats.json"))).isEqualTo(found);
        assertThat(spark.sparkContext().getPersistentRDDs().isEmpty())
                .as("nothing is kept")
                .isTrue();
        PreparedData one = PreparedFolder.open(local, Progress.SILENT);
        PreparedData other = PreparedFolder.open(distributed, Progress.SILENT);
        assertThat(other.items()).isEqualTo(one.items());
        assertThat(other.hash()).isEqualTo(one.hash());
    }

    @Test
    void movieLensSmall() {
        expectTheSame(SMALL, Logs.read(spark, SMALL));
    }

    /** The log and the prepared folder lie where only Hadoop finds them, under an address that no path of Java's can hold. */
    @Test
    void onAFileSystemThatOnlyHadoopKnows() throws IOException {
        Path far = TestSpark.far().resolve(String.valueOf(folder.getFileName()));
        Files.createDirectories(far);
        for (String name : List.of("ratings.csv", "movies.csv")) {
            Files.copy(MOVIELENS.resolve(name), far.resolve(name));
        }
        DataConfig config = SMALL.withMaximumUsers(50);
        String there = FarFileSystem.ROOT + "/" + far.getFileName();
        Logs logs = Logs.read(spark, config, there + "/ratings.csv", there + "/movies.csv");
        try (SparkPrepared prepared = SparkPreparation.prepare(logs, config, NOW)) {
            prepared.write(there + "/prepared");
        }
        Preparation.prepare(config, folder.resolve("local"), NOW, Progress.SILENT);
        assertThat(PreparedFolder.open(far.resolve("prepared"), Progress.SILENT).hash())
                .isEqualTo(PreparedFolder.open(folder.resolve("local"), Progress.SILENT)
                        .hash());
    }

    @Test
    void movieLensSmallOfASampleOfUsersInShuffledPartitions() {
        DataConfig sample = SMALL.withMaximumUsers(100).withMinimumInteractions(3);
        Logs logs = Logs.read(spark, sample);
        expectTheSame(
                sample,
                new Logs(
                        logs.interactions().repartition(7).orderBy(functions.rand(5)),
                        logs.items().repartition(3, functions.col("title"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Gift_Cards", "Magazine_Subscriptions"})
    void amazon(String category) {
        Path data = Path.of(System.getProperty("dti.amazon", "amazon-2018"));
        Path reviews = data.resolve(category + "_5.json.gz");
        assumeTrue(Files.exists(reviews), "-Ddti.amazon=FOLDER names no folder with Amazon's files");
        DataConfig config = DataConfig.of(Format.AMAZON_2018, reviews, data.resolve("meta_" + category + ".json.gz"));
        expectTheSame(config, Logs.read(spark, config));
    }

    /** Each of these lines once made a difference, or could. */
    @Test
    void hostileRowsAreJudgedAlike() throws IOException {
        Path ratings = Files.write(
                folder.resolve("ratings.csv"),
                List.of(
                        "userId,movieId,rating,timestamp",
                        "1,10,4.0,100",
                        "1,10,5.0,100",
                        "1,20,3.0,200",
                        "2,10,0.5,300",
                        "10,20,4.5,50",
                        "3,20,4d,60",
                        "3,20,nan,61",
                        "01,10,4,70",
                        "1.0,10,4,71",
                        "-1,10,4,72",
                        ",10,4,73",
                        "4,10,6,74",
                        "4,10,-1,75",
                        "4,10,0,76",
                        "4,99,4,77",
                        "5,10,4,99999999999",
                        "5,10,4,1e2",
                        "5,20, 4 ,101",
                        "5,20,4,102.9",
                        "6,10,4",
                        "6,10,4,103,x",
                        "9223372036854775808,10,4,104",
                        "7,10,,105",
                        "7,20,1e-1,106",
                        "8,30,3.5,107"));
        Path movies = Files.write(
                folder.resolve("movies.csv"),
                List.of(
                        "movieId,title,genres",
                        "10,\"One, the \"\"first\"\"\",A|B",
                        "10,One,A",
                        "20,  Two   words\t,(no genres listed)",
                        "30,\u00dcber \u00a0alles,",
                        "30,\u00dcber,Drama",
                        "x,bad,bad",
                        "-4,bad,bad"));
        DataConfig config = DataConfig.of(Format.MOVIELENS_CSV, ratings, movies)
                .withAllowedBadShare(1.0)
                .withMinimumInteractions(1);
        expectTheSame(config, Logs.read(spark, config));
        assertThatThrownBy(
                        () -> SparkPreparation.prepare(Logs.read(spark, config), config.withAllowedBadShare(0.01), NOW))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("rows are bad");
        assertThat(spark.sparkContext().getPersistentRDDs().isEmpty())
                .as("nothing is kept after a failure either")
                .isTrue();
    }

    /** One user has nearly all rows, and the rows are of a table with labels and times in milliseconds. */
    @Test
    void oneUserWithNearlyAllRowsOfATable() {
        String interactions = folder.resolve("table.parquet").toUri().toString();
        spark.range(20_000)
                .selectExpr(
                        "IF(id % 100 = 0, concat('user', id % 7), 'heavy') AS who",
                        "concat('i', id % 13) AS what", "id % 3 = 0 AS clicked", "(id * 7919) % 100000 * 1000 AS at")
                .repartition(1)
                .write()
                .parquet(interactions);
        String items = folder.resolve("items.parquet").toUri().toString();
        spark.range(13)
                .selectExpr("concat('i', id) AS what", "concat('Item ', id) AS title")
                .repartition(1)
                .write()
                .parquet(items);
        TableColumns columns = new TableColumns(
                "who",
                "what",
                null,
                "clicked",
                "at",
                TableColumns.TimeUnit.MILLISECONDS,
                null,
                List.of("title"),
                null,
                null);
        DataConfig config = DataConfig.table(onlyPart(interactions), onlyPart(items), columns, null);
        expectTheSame(config, Logs.read(spark, config));
    }

    private static Path onlyPart(String folder) {
        try (var files = Files.list(Path.of(java.net.URI.create(folder)))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
