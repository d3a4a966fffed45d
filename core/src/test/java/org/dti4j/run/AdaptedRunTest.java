package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.distribute.Peers;
import org.dti4j.engine.TestEngines;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.method.Layout;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.ModelConfig.PrecisionChoice;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that trained an adapter: what it needs of the checkpoint and of the machine, where it is opened or gone on with elsewhere. */
final class AdaptedRunTest {
    private static final Export EXPORT = new Export(false, Precision.FLOAT32, 1L << 30);

    @TempDir
    private static Path folder;

    private static Path base;
    private static Path run;

    @BeforeAll
    static void train() {
        base = checkpoint("nano", 3);
        run = folder.resolve("adapted");
        TinyRun.job(config(run, PrecisionChoice.AUTO, 2, null)).run(false, () -> false);
    }

    private static Path checkpoint(String name, long seed) {
        Path nano = folder.resolve(name);
        TinyRun.train(nano, "dti", seed);
        Path exported = folder.resolve(name + "-exported");
        EXPORT.write(TinyRun.config(nano), new RunFiles(nano), exported);
        return exported;
    }

    private static RunConfig config(Path out, PrecisionChoice precision, int rank, @Nullable Path adapter) {
        return TinyRun.config(out)
                .with(tiny -> tiny.model(tiny.model()
                                .with(model -> model.name(base.toString())
                                        .precision(precision)
                                        .threads(1)))
                        .adapter(AdapterConfig.defaults()
                                .with(lora -> lora.rank(rank)
                                        .alpha(4)
                                        .modules(List.of("q_proj", "down_proj"))
                                        .path(adapter))));
    }

    private static double score(ClickScorer scorer) {
        String item = scorer.items().get(0).id();
        return scorer.score(List.of(), List.of(item))[0];
    }

    /** The clock stands still, so that a measurement would say float32. */
    @Test
    void theRunsPrecisionStaysWhereNoneIsAskedFor() throws IOException {
        Path half = folder.resolve("half");
        TinyRun.job(config(half, PrecisionChoice.BFLOAT16, 2, null)).run(false, () -> false);
        RunConfig open = config(half, PrecisionChoice.AUTO, 2, null);
        try (ClickModel model = ClickModel.load(open, half, () -> 0)) {
            assertThat(model.llama().placement().precision()).isEqualTo(Precision.BFLOAT16);
        }
        try (ClickModel model = ClickModel.load(config(half, PrecisionChoice.FLOAT32, 2, null), half, () -> 0)) {
            assertThat(model.llama().placement().precision()).isEqualTo(Precision.FLOAT32);
        }
        Files.delete(new RunFiles(half).metrics());
        TinyRun.job(open).run(true, () -> false);
        assertThat(Provenance.read(new RunFiles(half)).precision())
                .as("gone on with")
                .isEqualTo("bfloat16");
    }

    /** Logits of 16 and more are an eighth apart in bfloat16: targets of different scores would have the same. */
    @Test
    void answersAreOfFullPrecisionWhateverTheModelComputesIn() {
        RunConfig half = config(folder.resolve("answers"), PrecisionChoice.BFLOAT16, 2, null);
        try (Scope scope = Scope.open();
                ClickModel model = ClickModel.start(half, List.of(), () -> 0)) {
            Prompt prompt = new RandomPrompts(5, 20).prompt(3, 6);
            Layout layout = Layout.of(List.of(prompt), half.method(), RandomPrompts.SUM_ID);
            float[] logits = TestEngines.logits(TestEngines.of(model.llama()), layout, new int[] {3, 4});
            assertThat(IntStream.range(0, logits.length)
                            .filter(i -> (Float.floatToIntBits(logits[i]) & 0xffff) != 0)
                            .count())
                    .as("that bfloat16 cannot say")
                    .isGreaterThan(logits.length / 2);
        }
    }

    @Test
    void peersComputeInThePrecisionOfTheFirst() {
        TrainingJob job = TinyRun.job(config(folder.resolve("peer"), PrecisionChoice.AUTO, 2, null));
        assertThat(job.here().model().precision()).as("by itself").isEqualTo(PrecisionChoice.FLOAT32);
        assertThat(job.peers(new Second()).here().model().precision()).isEqualTo(PrecisionChoice.BFLOAT16);
    }

    /** The second of two, the first of which says bfloat16. */
    private static final class Second implements Peers {
        @Override
        public int rank() {
            return 1;
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public void sum(float[] values) {}

        @Override
        public void sum(double[] values) {}

        @Override
        public String fromFirst(@Nullable String text) {
            return "BFLOAT16";
        }

        @Override
        public void close() {}
    }

    @Test
    void aCheckpointThatLiesElsewhereIsTakenIfItIsTheSame() throws IOException {
        Path moved = base.resolveSibling("moved");
        Path another = checkpoint("another", 4);
        double before;
        try (ClickScorer scorer = ClickScorer.load(run, () -> 0)) {
            before = score(scorer);
        }
        Files.move(base, moved);
        try {
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> ClickScorer.load(run, () -> 0))
                    .withMessageContaining("the checkpoint of its adapter is not at " + base);
            try (ClickScorer scorer = ClickScorer.load(run, here -> at(here, moved), () -> 0, Kept.nothing())) {
                assertThat(score(scorer)).isEqualTo(before, within(1e-6));
            }
            assertThatExceptionOfType(UserException.class)
                    .isThrownBy(() -> ClickScorer.load(run, here -> at(here, another), () -> 0, Kept.nothing()))
                    .withMessageContaining("must be the same: " + another);
        } finally {
            Files.move(moved, base);
        }
    }

    private static RunConfig at(RunConfig config, Path checkpoint) {
        return config.withModel(config.model().withName(checkpoint.toString()));
    }

    @Test
    void anAdapterToBeginWithIsAsTheConfigurationSays() {
        Path adapter = new RunFiles(run).adapter();
        Path out = folder.resolve("again");
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> TinyRun.job(config(out, PrecisionChoice.AUTO, 8, adapter))
                        .run(false, () -> false))
                .withMessage("adapter.rank = 8, must be 2, as in " + adapter);
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(
                        () -> new AdapterConfig(AdapterConfig.Kind.NONE, 2, 4, .1, AdapterConfig.ALL_MODULES, adapter))
                .withMessageContaining("adapter.path")
                .withMessageContaining("adapter.dropout = 0.1, must be 0");
    }
}
