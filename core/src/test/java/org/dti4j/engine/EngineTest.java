package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/method.md section 7, invariant 8: the engine equals the dense definition, outputs and gradients. */
class EngineTest {
    private static final int LAYOUTS = 60;

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 64})
    void equalsTheDenseDefinitionOnRandomLayoutsAndSwitches(int block) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            try (Llama dense = TestModels.trainable(shape)) {
                Engine engine = new Engine(dense, null, block);
                for (int seed = 0; seed < LAYOUTS / TestModels.SHAPES.size(); seed++) {
                    RandomPrompts random = new RandomPrompts(1000L * block + seed, shape.vocabulary());
                    Method method = random.method();
                    Layout layout = Layout.of(random.batch(method), method, RandomPrompts.SUM_ID);
                    assertEqual(engine, dense, layout);
                }
            }
        }
    }

    /** As with a tokenizer that has no BOS, and no instruction. */
    @ParameterizedTest
    @ValueSource(strings = {"sliding-window", "dti-minus", "dti", "dti-rope", "dti-isolated"})
    void equalsTheDenseDefinitionWithoutAPrefix(String name) {
        Method method = Method.named(name).withContext(3);
        int targets = name.equals("sliding-window") ? 1 : 7;
        Prompt prompt = new RandomPrompts(1, TestModels.TINY.vocabulary()).prompt(new int[0], 3, targets);
        try (Llama dense = TestModels.trainable(TestModels.TINY)) {
            assertEqual(new Engine(dense, null), dense, Layout.of(List.of(prompt), method, RandomPrompts.SUM_ID));
        }
    }

    private static void assertEqual(Engine engine, Llama dense, Layout layout) {
        float[] expected = TestModels.logits(dense, layout);
        assertThat(TestModels.difference(TestEngines.logits(engine, layout), expected))
                .describedAs("logits, %s", layout.method())
                .isLessThan(1e-4 * Math.max(1, TestModels.size(expected)));
        SortedMap<String, float[]> gradients = TestEngines.gradients(engine, dense.weights(), layout);
        TestModels.gradients(dense, layout).forEach((name, gradient) -> {
            float[] found = gradients.getOrDefault(name, new float[0]);
            float[] ofDense = gradient.length == 0 ? new float[found.length] : gradient;
            assertThat(TestModels.difference(found, ofDense))
                    .describedAs("gradient of %s, %s", name, layout.method())
                    .isLessThan(1e-3 * (0.1 + TestModels.size(ofDense)));
        });
    }
}
