package org.dti4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.SparkSession;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Format;
import org.dti4j.data.Preparation;
import org.dti4j.data.PreparedFolder;
import org.dti4j.distribute.Collective;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.model.ModelConfig;
import org.dti4j.model.ModelConfig.PrecisionChoice;
import org.dti4j.progress.Progress;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.RunConfig;
import org.dti4j.run.TrainingJob;
import org.dti4j.score.EvaluateConfig;
import org.dti4j.train.Configs;
import org.dti4j.train.StepLog;
import org.dti4j.train.StepReport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.jdk.javaapi.CollectionConverters;

/** Two executors, each a JVM of its own, prepare data and train one model. */
@Timeout(600)
class SparkTrainingTest {
    private static final Path MOVIELENS =
            Path.of(Objects.requireNonNull(System.getProperty("dti.root")), "data", "ml-latest-small");

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static List<StepReport> alone;

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final DataConfig DATA = DataConfig.of(
                    Format.MOVIELENS_CSV, MOVIELENS.resolve("ratings.csv"), MOVIELENS.resolve("movies.csv"))
            .withMaximumUsers(60);

    @BeforeAll
    static void trainInOneProcess() {
        Preparation.prepare(DATA, folder.resolve("prepared"), NOW, Progress.SILENT);
        new TrainingJob(
                        config(2).withOut(folder.resolve("alone")),
                        PreparedFolder.open(folder.resolve("prepared"), Progress.SILENT),
                        new ExecutorHost(),
                        Progress.SILENT)
                .run(false, () -> false);
        alone = StepLog.readSteps(folder.resolve("alone"));
        spark = TestSpark.cluster();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    static RunConfig config(int threads) {
        return RunConfig.defaults()
                .with(run -> run.method(Method.named("dti").withContext(4).withTargets(new Targets(10)))
                        .model(ModelConfig.defaults()
                                .with(model ->
                                        model.precision(PrecisionChoice.FLOAT32).threads(threads)))
                        .train(Configs.plain()
                                .targetsPerStep(40)
                                .epochs(1)
                                .maxTargets(1200)
                                .learningRate(3e-4)
                                .warmup(0.05)
                                .clip(1)
                                .validateEvery(400)
                                .saveEvery(200)
                                .validationTargets(50)
                                .seed(3)
                                .build())
                        .evaluate(EvaluateConfig.defaults().withMaxTargets(50))
                        .out(Path.of("unused")));
    }

    private static long train(String prepared, String out, Collective collective) {
        return SparkTraining.train(spark, config(1), prepared, out, 2, collective);
    }

    private static void expectTheCurveOfOneProcess(Path out) {
        List<StepReport> steps = StepLog.readSteps(out);
        assertThat(steps).hasSameSizeAs(alone);
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i).step()).isEqualTo(i + 1L);
            assertThat(steps.get(i).targets()).isEqualTo(alone.get(i).targets());
            assertThat(steps.get(i).loss())
                    .as("step %d", i + 1)
                    .isCloseTo(alone.get(i).loss(), within(1e-4));
        }
    }

    @Test
    void twoExecutorsPrepareWhatOneProcessPrepares() {
        Path out = folder.resolve("prepared-by-two");
        try (SparkPrepared prepared = SparkPreparation.prepare(Logs.read(spark, DATA), DATA, NOW)) {
            prepared.write(out.toUri().toString());
        }
        assertThat(PreparedFolder.open(out, Progress.SILENT).hash())
                .isEqualTo(PreparedFolder.open(folder.resolve("prepared"), Progress.SILENT)
                        .hash());
    }

    @ParameterizedTest
    @EnumSource(names = {"RING", "GLOO"}) // NCCL needs two GPUs
    void twoExecutorsHaveTheLossCurveOfOneProcess(Collective collective) throws Exception {
        Path out = folder.resolve("two" + collective);
        String prepared = folder.resolve("prepared").toUri().toString();
        ShownNumbers shown = new ShownNumbers();
        spark.sparkContext().addSparkListener(shown);
        assertThat(train(prepared, out.toUri().toString(), collective)).isEqualTo(1200);
        expectTheCurveOfOneProcess(out);
        double losses = alone.stream().mapToDouble(StepReport::loss).sum();
        assertThat(shown.get("dti4j targets")).isEqualTo("1200");
        assertThat(Double.parseDouble(shown.get("dti4j loss")))
                .isCloseTo(losses, within(1e-4 * alone.size())); // Spark's pages divide by the count
        try (ClickScorer scorer = ClickScorer.load(out, System::nanoTime)) {
            assertThat(scorer.score(List.of(), List.of(scorer.items().get(0).id())))
                    .hasSize(1);
        }
    }

    /** What Spark's pages show beside a stage: its named accumulators. */
    private static final class ShownNumbers extends SparkListener {
        private final Map<String, String> numbers = new ConcurrentHashMap<>();

        @Override
        public void onStageCompleted(SparkListenerStageCompleted completed) {
            CollectionConverters.asJava(completed.stageInfo().accumulables().values())
                    .forEach(each -> numbers.put(
                            each.name().get(), String.valueOf(each.value().get())));
        }

        /** Listeners are told in a thread of their own. */
        String get(String name) throws InterruptedException {
            for (int wait = 0; wait < 200 && !numbers.containsKey(name); wait++) {
                Thread.sleep(50);
            }
            return numbers.getOrDefault(name, "nothing");
        }
    }

    /** Data and state lie where only Hadoop finds them. */
    @ParameterizedTest
    @EnumSource(names = {"RING", "GLOO"})
    void aKilledExecutorCostsNoTargetAndTrainsNoneTwice(Collective collective) throws Exception {
        Path far = TestSpark.far().resolve("%s-%s".formatted(folder.getFileName(), collective));
        Path out = far.resolve("killed");
        Files.createDirectories(far.resolve("prepared"));
        for (String file : List.of("interactions.parquet", "items.parquet", "stats.json")) {
            Files.copy(
                    folder.resolve("prepared").resolve(file),
                    far.resolve("prepared").resolve(file));
        }
        String there = FarFileSystem.ROOT + "/" + far.getFileName();
        CompletableFuture<Long> training =
                CompletableFuture.supplyAsync(() -> train(there + "/prepared", there + "/killed", collective));
        while (!Files.exists(out.resolve("state").resolve("000001"))) {
            assertThat(training.isDone()).as("trains").isFalse();
            Thread.sleep(20);
        }
        ProcessHandle executor = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
        executor.destroyForcibly();
        assertThat(training.get()).isEqualTo(1200);
        expectTheCurveOfOneProcess(out);
    }
}
