package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dti4j.model.TestModels.difference;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.method.TestMethods;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.tensor.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass that several cores make together computes what one core computes. */
class RowPartsTest {
    private static final double ROUNDING = 1e-5;
    private static final int CORES = 3;

    private int before;
    private Workers workers;

    @BeforeEach
    void start() {
        before = torch.get_num_threads();
        torch.set_num_threads(CORES);
        workers = Workers.start();
    }

    @AfterEach
    void stop() {
        workers.close();
        torch.set_num_threads(before);
    }

    /** Random switches, for each shape of model, and prompts long enough to be divided. */
    record Case(int seed, LlamaConfig shape) {
        Layout layout() {
            RandomPrompts random = new RandomPrompts(seed, shape.vocabulary());
            Method method = random.method();
            int targets = method.targets().count() == 1 ? 1 : 40;
            return Layout.of(
                    List.of(random.prompt(60, targets), random.prompt(50, targets)), method, RandomPrompts.SUM_ID);
        }
    }

    static List<Case> cases() {
        return IntStream.range(0, 24)
                .mapToObj(seed -> new Case(seed, TestModels.SHAPES.get(seed % TestModels.SHAPES.size())))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAreThoseOfOneCore(Case random) {
        Layout layout = random.layout();
        assertThat(layout.rows()).isGreaterThan(CORES * 64);
        try (Llama model = TestModels.frozen(random.shape());
                Scope scope = Scope.open();
                Tape tape = Tape.scoring()) {
            Engine engine = TestEngines.of(model);
            float[] together =
                    Tensors.toFloats(engine.pass(layout, tape, workers).logits());
            float[] alone = TestEngines.logits(engine, layout);
            assertThat(difference(together, alone))
                    .describedAs("%s", layout.method())
                    .isLessThan(ROUNDING * Math.max(1, TestModels.size(alone)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aHistoryIsReadAsByOneCore(Case random) {
        Method method = TestMethods.withReset(
                Method.named(random.seed() % 2 == 0 ? "dti" : "dti-rope").withContext(50), random.seed() % 3 > 0);
        Prompt prompt = new RandomPrompts(random.seed(), random.shape().vocabulary()).prompt(60, 1);
        int[][] first = BranchesTest.interactions(prompt, 0, 5);
        int[][] later = BranchesTest.interactions(prompt, 5, 60);
        int[][] item = {prompt.item(60)};
        int[] words = {3, 17, 41};
        try (Llama model = TestModels.frozen(random.shape());
                Branches branches = new Branches(model, null, method, prompt.prefix(), RandomPrompts.SUM_ID);
                UserStream empty = branches.empty();
                UserStream begun = branches.append(empty, first, workers);
                UserStream together = branches.append(begun, later, workers);
                UserStream alone = branches.append(begun, later)) {
            assertThat(together.rows()).isEqualTo(alone.rows()).isGreaterThan(CORES * 32);
            float[] expected = branches.logits(alone, item, words);
            assertThat(difference(branches.logits(together, item, words), expected))
                    .describedAs("%s", method)
                    .isLessThan(ROUNDING * Math.max(1, TestModels.size(expected)));
        }
    }

    @Test
    void eachPartIsAnotherWorkersAndFewRowsAreTheCallers() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        try (Scope scope = Scope.open()) {
            RowParts parts = RowParts.over(workers, Placement.CPU_FLOAT32);
            for (long rows : new long[] {64 * CORES + 1, 20}) {
                threads.clear();
                Tensor x = torch.rand(rows, 4);
                List<Tensor> out = parts.map(List.of(x, x.neg()), some -> {
                    threads.add(Thread.currentThread().getName() + some.get(0).size(0));
                    return List.of(some.get(0).add(some.get(0)), some.get(1));
                });
                assertThat(Tensors.toFloats(out.get(0))).containsExactly(Tensors.toFloats(x.add(x)));
                assertThat(Tensors.toFloats(out.get(1))).containsExactly(Tensors.toFloats(x.neg()));
                if (rows > 64) {
                    assertThat(threads).containsExactlyInAnyOrder("dti4j-worker64", "dti4j-worker65");
                } else {
                    assertThat(threads).containsExactly(Thread.currentThread().getName() + "20");
                }
            }
        }
    }

    @Test
    void whatFailsInAPartFailsInTheCaller() {
        try (Scope scope = Scope.open()) {
            Tensor x = torch.rand(64L * CORES, 4);
            assertThatThrownBy(() -> RowParts.over(workers, Placement.CPU_FLOAT32)
                            .map(List.of(x), some -> List.of(some.get(0).view(7, 7))))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("shape");
        }
    }

    @Test
    void aPassThatIsRecordedIsNotDivided() {
        Case random = cases().get(0);
        try (Llama model = TestModels.trainable(random.shape());
                Workspace workspace = new Workspace();
                GradientSums sums = GradientSums.zeros(model.weights());
                Tape tape = Tape.training(sums, Dropout.NONE, workspace)) {
            Engine engine = TestEngines.of(model);
            assertThatThrownBy(() -> engine.pass(random.layout(), tape, workers))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
