package org.dti4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.TestEngines;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A trained [SUM] row answers and learns as if it stood in the embedding, and in the output head if that is the embedding. */
class TrainedRowsTest {
    private static final double ROUNDING = 1e-5;
    private static final int SUM = RandomPrompts.SUM_ID;
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final int OTHER = 7;
    private static final Method METHOD = Method.named("dti").withContext(3);

    static List<LlamaConfig> shapes() {
        return TestModels.SHAPES;
    }

    private static Layout layout(LlamaConfig shape) {
        Prompt prompt = new RandomPrompts(5, shape.vocabulary()).prompt(3, 6);
        return Layout.of(List.of(prompt), METHOD, SUM);
    }

    /** Rows of ids {@link #SUM} and {@link #OTHER}. */
    private static float[] rows(LlamaConfig shape) {
        SplittableRandom random = new SplittableRandom(3);
        float[] rows = new float[2 * shape.width()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (0.2 * random.nextGaussian());
        }
        return rows;
    }

    private static Tensor leaf(LlamaConfig shape) {
        return Placement.CPU_FLOAT32.floats(rows(shape), 2, shape.width()).set_requires_grad(true);
    }

    private static void write(Llama model, LlamaConfig shape) {
        Tensor embedding = Objects.requireNonNull(model.weights().get(EMBEDDING));
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor rows = Placement.CPU_FLOAT32.floats(rows(shape), 2, shape.width());
            embedding.index_copy_(0, Placement.CPU_FLOAT32.integers(new int[] {SUM, OTHER}, 2), rows);
        }
    }

    private static float[] logits(Llama model, LlamaConfig shape, Tensor rows) {
        model.trainRows(new Llama.TrainedRows(new Llama.TrainedRows.Ids(SUM, OTHER), rows));
        return TestEngines.logits(TestEngines.of(model), layout(shape));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void trainedRowsAnswerAsIfTheyStoodInTheEmbedding(LlamaConfig shape) {
        try (Scope scope = Scope.open();
                Llama beside = TestModels.frozen(shape);
                Llama inside = TestModels.frozen(shape)) {
            float[] without = TestEngines.logits(TestEngines.of(beside), layout(shape));
            float[] with = logits(beside, shape, leaf(shape));
            write(inside, shape);
            assertThat(TestModels.difference(with, TestEngines.logits(TestEngines.of(inside), layout(shape))))
                    .isLessThan(ROUNDING);
            assertThat(TestModels.difference(with, without)).isGreaterThan(100 * ROUNDING);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void wordsAloneAnswerAsTheyDoAmongAll(LlamaConfig shape) {
        int[] words = {OTHER, 3, SUM, 11};
        try (Scope scope = Scope.open();
                Llama model = TestModels.frozen(shape)) {
            float[] all = logits(model, shape, leaf(shape));
            float[] some = TestEngines.logits(TestEngines.of(model), layout(shape), words);
            float[] expected = new float[some.length];
            for (int i = 0; i < some.length; i++) {
                expected[i] = all[i / words.length * shape.vocabulary() + words[i % words.length]];
            }
            assertThat(some).hasSize(words.length * layout(shape).targets());
            assertThat(TestModels.difference(some, expected)).isLessThan(ROUNDING);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void trainedRowsLearnWhatTheirRowsOfTheEmbeddingWould(LlamaConfig shape) {
        try (Scope scope = Scope.open();
                Llama beside = TestModels.frozen(shape);
                Llama inside = TestModels.trainable(shape)) {
            Tensor rows = leaf(shape);
            beside.trainRows(new Llama.TrainedRows(new Llama.TrainedRows.Ids(SUM, OTHER), rows));
            SortedMap<String, Tensor> trained = new TreeMap<>(Map.of(Llama.TrainedRows.NAME, rows));
            float[] gradient = TestEngines.gradients(TestEngines.of(beside), trained, layout(shape))
                    .getOrDefault(Llama.TrainedRows.NAME, new float[0]);
            write(inside, shape);
            float[] whole = TestEngines.gradients(TestEngines.of(inside), inside.weights(), layout(shape))
                    .getOrDefault(EMBEDDING, new float[0]);
            int width = shape.width();
            float[] expected = new float[2 * width];
            System.arraycopy(whole, SUM * width, expected, 0, width);
            System.arraycopy(whole, OTHER * width, expected, width, width);
            assertThat(TestModels.size(expected)).isGreaterThan(0.01);
            assertThat(TestModels.difference(gradient, expected))
                    .isLessThan(10 * ROUNDING * Math.max(1, TestModels.size(expected)));
        }
    }

    /** The id occurs in no text, so that only an output head could use its row. */
    @ParameterizedTest
    @MethodSource("shapes")
    void onlyATiedHeadSharesTheRows(LlamaConfig shape) {
        int absent = 3;
        Layout layout = layout(shape);
        assertThat(layout.ids()).doesNotContain(absent);
        try (Scope scope = Scope.open();
                Llama model = TestModels.frozen(shape)) {
            float[] without = TestEngines.logits(TestEngines.of(model), layout);
            model.trainRows(new Llama.TrainedRows(new Llama.TrainedRows.Ids(absent, absent + 1), leaf(shape)));
            float[] with = TestEngines.logits(TestEngines.of(model), layout);
            for (int i = 0; i < with.length; i++) {
                int column = i % shape.vocabulary();
                boolean shared = shape.tiedHead() && (column == absent || column == absent + 1);
                assertThat(Math.abs(with[i] - without[i]) > ROUNDING)
                        .describedAs("column %d", column)
                        .isEqualTo(shared);
            }
        }
    }
}
