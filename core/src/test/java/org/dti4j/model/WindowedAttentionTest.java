package org.dti4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/method.md section 7, invariant 8: the fast attention equals the dense definition, outputs and gradients. */
class WindowedAttentionTest {
    private static final int LAYOUTS = 60;

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 64})
    void equalsTheDenseDefinitionOnRandomLayoutsAndSwitches(int chunk) {
        Attention.Factory fast = (layout, config, placement) -> new WindowedAttention(layout, config, placement, chunk);
        try (Llama windowed = TestModels.trainable(TestModels.TINY, fast);
                Llama dense = TestModels.trainable(TestModels.TINY, DenseAttention::new)) {
            for (int seed = 0; seed < LAYOUTS; seed++) {
                RandomPrompts random = new RandomPrompts(1000L * chunk + seed, TestModels.TINY.vocabulary());
                Method method = random.method();
                Layout layout = Layout.of(random.batch(method), method, RandomPrompts.SUM_ID);
                assertEqual(windowed, dense, layout);
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
        try (Llama windowed = TestModels.trainable(TestModels.TINY, WindowedAttention::new);
                Llama dense = TestModels.trainable(TestModels.TINY, DenseAttention::new)) {
            assertEqual(windowed, dense, Layout.of(List.of(prompt), method, RandomPrompts.SUM_ID));
        }
    }

    private static void assertEqual(Llama windowed, Llama dense, Layout layout) {
        float[] expected = TestModels.logits(dense, layout);
        assertThat(TestModels.difference(TestModels.logits(windowed, layout), expected))
                .describedAs("logits, %s", layout.method())
                .isLessThan(1e-4 * Math.max(1, TestModels.size(expected)));
        SortedMap<String, float[]> gradients = TestModels.gradients(windowed, layout);
        TestModels.gradients(dense, layout)
                .forEach((name, gradient) -> assertThat(
                                TestModels.difference(gradients.getOrDefault(name, new float[0]), gradient))
                        .describedAs("gradient of %s, %s", name, layout.method())
                        .isLessThan(1e-3 * (0.1 + TestModels.size(gradient))));
    }
}
