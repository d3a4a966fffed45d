package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/method.md section 7, invariant 6: how prompts are put together, and attention cut into blocks, changes no result. */
class PackingTest {
    private static final double ROUNDING = 1e-5;
    private static final double GRADIENT_ROUNDING = 1e-4;

    /** Random switches and prompts, for each shape of model. */
    record Case(int seed, LlamaConfig shape) {
        Method method() {
            return new RandomPrompts(seed, shape.vocabulary()).method();
        }

        /** Three prompts or more that share a prefix. */
        List<Prompt> prompts() {
            RandomPrompts random = new RandomPrompts(seed, shape.vocabulary());
            List<Prompt> prompts = new ArrayList<>();
            while (prompts.size() < 3) {
                prompts.addAll(random.batch(method()));
            }
            return prompts;
        }
    }

    static List<Case> cases() {
        return IntStream.range(0, 30)
                .mapToObj(seed -> new Case(seed, TestModels.SHAPES.get(seed % TestModels.SHAPES.size())))
                .toList();
    }

    private static Layout layout(List<Prompt> prompts, Method method) {
        return Layout.of(prompts, method, RandomPrompts.SUM_ID);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPromptAmongOthersAnswersAsItDoesAlone(Case random) {
        try (Llama model = TestModels.trainable(random.shape())) {
            Engine engine = TestEngines.of(model);
            List<float[]> packed = TestEngines.logitsByTarget(engine, layout(random.prompts(), random.method()));
            SortedMap<String, float[]> packedGradients =
                    TestEngines.gradients(engine, model.weights(), layout(random.prompts(), random.method()));
            List<float[]> alone = new ArrayList<>();
            SortedMap<String, float[]> aloneGradients = new TreeMap<>();
            for (Prompt prompt : random.prompts()) {
                Layout single = layout(List.of(prompt), random.method());
                alone.addAll(TestEngines.logitsByTarget(engine, single));
                TestEngines.gradients(engine, model.weights(), single)
                        .forEach((name, gradient) -> aloneGradients.merge(name, gradient, PackingTest::sum));
            }
            assertSame(packed, alone, random.method());
            assertSame(packedGradients, aloneGradients, random.method());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theOrderOfPromptsDoesNotMatter(Case random) {
        List<Prompt> reversed = new ArrayList<>(random.prompts());
        Collections.reverse(reversed);
        try (Llama model = TestModels.trainable(random.shape())) {
            Engine engine = TestEngines.of(model);
            List<List<float[]>> byPrompt = new ArrayList<>(
                    byPrompt(TestEngines.logitsByTarget(engine, layout(reversed, random.method())), reversed));
            Collections.reverse(byPrompt);
            List<float[]> restored = byPrompt.stream().flatMap(List::stream).toList();
            Layout inOrder = layout(random.prompts(), random.method());
            assertSame(restored, TestEngines.logitsByTarget(engine, inOrder), random.method());
            assertSame(
                    TestEngines.gradients(engine, model.weights(), layout(reversed, random.method())),
                    TestEngines.gradients(engine, model.weights(), inOrder),
                    random.method());
        }
    }

    private static List<List<float[]>> byPrompt(List<float[]> logits, List<Prompt> prompts) {
        List<List<float[]>> parts = new ArrayList<>();
        int from = 0;
        for (Prompt prompt : prompts) {
            parts.add(logits.subList(from, from + prompt.targets()));
            from += prompt.targets();
        }
        return parts;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSizeOfBlocksDoesNotMatter(Case random) {
        Layout layout = layout(random.prompts(), random.method());
        try (Llama model = TestModels.trainable(random.shape())) {
            Engine whole = new Engine(model, null, 512);
            List<float[]> expected = TestEngines.logitsByTarget(whole, layout);
            SortedMap<String, float[]> gradients = TestEngines.gradients(whole, model.weights(), layout);
            for (int rows : new int[] {1, 7, 64}) {
                Engine cut = new Engine(model, null, rows);
                assertSame(TestEngines.logitsByTarget(cut, layout), expected, random.method());
                assertSame(TestEngines.gradients(cut, model.weights(), layout), gradients, random.method());
            }
        }
    }

    private static void assertSame(List<float[]> logits, List<float[]> expected, Method method) {
        assertThat(logits).hasSameSizeAs(expected);
        for (int target = 0; target < expected.size(); target++) {
            assertThat(TestModels.difference(logits.get(target), expected.get(target)))
                    .describedAs("target %d, %s", target, method)
                    .isLessThan(ROUNDING * Math.max(1, TestModels.size(expected.get(target))));
        }
    }

    private static void assertSame(
            SortedMap<String, float[]> gradients, SortedMap<String, float[]> expected, Method method) {
        assertThat(gradients.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, gradient) -> assertThat(
                        TestModels.difference(gradients.getOrDefault(name, new float[0]), gradient))
                .describedAs("gradient of %s, %s", name, method)
                .isLessThan(GRADIENT_ROUNDING * Math.max(1, TestModels.size(gradient))));
    }

    private static float[] sum(float[] one, float[] other) {
        float[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }
}
