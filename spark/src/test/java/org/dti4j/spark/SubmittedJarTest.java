package org.dti4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dti4j.data.Preparation;
import org.dti4j.data.PreparedFolder;
import org.dti4j.progress.Progress;
import org.dti4j.run.ClickScorer;
import org.dti4j.score.Interaction;
import org.dti4j.train.StepLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * What users have: the jars as they are built, an installed Spark's own {@code spark-submit}, two executors, and the Python of docs/scale.md.
 * Run after packaging, where {@code -Ddti.pyspark} or the variable {@code DTI_PYSPARK} names a Python with pyspark.
 */
@Timeout(2400)
class SubmittedJarTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("dti.root")));
    private static final Path MOVIELENS = ROOT.resolve("data").resolve("ml-latest-small");

    @TempDir
    private static Path folder;

    private static String python;
    private static Path spark;

    @BeforeAll
    static void findSpark() throws Exception {
        python = System.getProperty("dti.pyspark", System.getenv().getOrDefault("DTI_PYSPARK", ""));
        assumeTrue(!python.isEmpty(), "neither -Ddti.pyspark nor DTI_PYSPARK names a Python with pyspark");
        Process asked = new ProcessBuilder(python, "-c", "import pyspark; print(pyspark.__path__[0])").start();
        spark = Path.of(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        assumeTrue(asked.waitFor() == 0, python + " has no pyspark");
    }

    private static void submit(String... words) throws Exception {
        List<String> libraries = new ArrayList<>();
        try (Stream<Path> lib = Files.list(Path.of("target", "lib"))) {
            lib.map(jar -> jar.toAbsolutePath().toString()).forEach(libraries::add);
        }
        Path own;
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            own = built.filter(file -> file.getFileName().toString().matches("dti4j-spark-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
        boolean script = words[0].endsWith(".py");
        if (script) {
            libraries.add(own.toString());
        }
        List<String> command = new ArrayList<>(List.of(
                spark.resolve("bin").resolve("spark-submit").toString(),
                "--master",
                "local-cluster[2,1,1024]",
                "--driver-memory",
                "1g",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.sql.shuffle.partitions=4",
                "--conf",
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "--jars",
                String.join(",", libraries)));
        command.addAll(script ? List.of() : List.of("--class", Submitted.class.getName(), own.toString()));
        command.addAll(List.of(words));
        Path log = folder.resolve("submit.log");
        ProcessBuilder submit =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> environment = submit.environment();
        environment.keySet().removeIf(name -> name.startsWith("SPARK_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PYSPARK_PYTHON", python);
        environment.put("SPARK_LOCAL_DIRS", folder.toString());
        Process running = submit.start();
        boolean ended = running.waitFor(10, TimeUnit.MINUTES);
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
        assertThat(ended && running.exitValue() == 0)
                .as(() -> String.join(" ", words) + ": " + tail(log))
                .isTrue();
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void preparationTrainingAndScoringFromTheShellAndFromPython() throws Exception {
        Path prepared = folder.resolve("prepared");
        submit(
                "prepare",
                "movielens-csv",
                MOVIELENS.resolve("ratings.csv").toString(),
                MOVIELENS.resolve("movies.csv").toString(),
                prepared.toString());
        Preparation.prepare(
                SparkTrainingTest.DATA.withMaximumUsers(0),
                folder.resolve("local"),
                SparkTrainingTest.NOW,
                Progress.SILENT);
        assertThat(PreparedFolder.open(prepared, Progress.SILENT).hash())
                .isEqualTo(PreparedFolder.open(folder.resolve("local"), Progress.SILENT)
                        .hash());

        Path config = Files.writeString(
                folder.resolve("scoring.json"), JsonMapper.shared().writeValueAsString(SparkTrainingTest.config(1)));
        Path run = folder.resolve("run");
        submit("train", config.toString(), prepared.toString(), run.toString(), "2");
        assertThat(StepLog.readSteps(run))
                .last()
                .satisfies(step -> assertThat(step.targets()).isEqualTo(1200));

        try (ClickScorer scorer = ClickScorer.load(run, System::nanoTime)) {
            String seen = scorer.items().get(3).id();
            List<String> candidates =
                    List.of(scorer.items().get(0).id(), scorer.items().get(7).id());
            String rows = candidates.stream()
                    .map(item -> "('[{\"item\":\"%s\",\"liked\":true}]', '%s')".formatted(seen, item))
                    .collect(Collectors.joining(", "));
            Path input = folder.resolve("candidates.parquet");
            sql("COPY (SELECT * FROM (VALUES %s) rows(history, item)) TO '%s' (FORMAT parquet)".formatted(rows, input));

            submit(
                    "score",
                    run.toString(),
                    input.toString(),
                    folder.resolve("scored").toString());
            Path script = Files.writeString(
                    folder.resolve("snippet.py"),
                    snippet()
                                    .replace("hdfs:///candidates", input.toString())
                                    .replace("hdfs:///runs/dti", run.toString())
                            + "scored.write.parquet('%s')%n".formatted(folder.resolve("scored-by-python")));
            submit(script.toString());

            double[] expected = scorer.score(List.of(new Interaction(seen, true)), candidates);
            for (String output : List.of("scored", "scored-by-python")) {
                Map<String, Double> found = scored(folder.resolve(output));
                assertThat(found).containsOnlyKeys(candidates);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(found.get(candidates.get(i))).as(output).isCloseTo(expected[i], within(1e-5));
                }
            }
        }
    }

    /** The Python of docs/scale.md, to the letter. */
    private static String snippet() throws IOException {
        Matcher block = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("docs").resolve("scale.md")));
        assertThat(block.find()).as("docs/scale.md has a snippet").isTrue();
        assertThat(block.group(1)).contains("hdfs:///candidates").contains("hdfs:///runs/dti");
        return block.group(1);
    }

    private static void sql(String command) throws SQLException {
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute(command);
        }
    }

    private static Map<String, Double> scored(Path output) throws SQLException {
        Map<String, Double> found = new TreeMap<>();
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT item, probability FROM '%s/*.parquet'".formatted(output))) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getDouble(2));
            }
        }
        return found;
    }
}
