package org.dti4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntPredicate;
import org.dti4j.engine.TestEngines;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.PromptEdits;
import org.dti4j.method.RandomPrompts;
import org.dti4j.method.TestMethods;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/method.md section 7, invariant 3: which targets of a stream are scored as their own k = 1 prompts are. What precedes the first target
 * is the same in both, whatever the method; later targets stand further back in the text, behind other [SUM]s, and may read states
 * that have read more than their own window.
 */
class FirstTargetTest {
    private static final double ROUNDING = 1e-5;
    private static final int TARGETS = 12;

    static List<Method> streamingMethods() {
        return List.of(
                TestMethods.named("dti-minus"),
                TestMethods.named("dti-minus-sink"),
                TestMethods.withReset(TestMethods.named("dti"), true),
                TestMethods.withReset(TestMethods.named("dti"), false),
                TestMethods.withReset(TestMethods.named("dti-rope"), true),
                TestMethods.withReset(TestMethods.named("dti-rope"), false),
                TestMethods.withReset(TestMethods.named("dti-isolated"), true),
                TestMethods.withReset(TestMethods.named("dti-isolated"), false),
                TestMethods.withAlibiPrefixDistance(TestMethods.named("dti")),
                TestMethods.withAlibiPrefixDistance(TestMethods.named("dti-isolated")));
    }

    static List<Method> probingMethods() {
        return streamingMethods().stream().filter(Method::sumHidden).toList();
    }

    static List<Method> isolatedMethods() {
        return streamingMethods().stream().filter(Method::isolatedItems).toList();
    }

    @ParameterizedTest
    @MethodSource("streamingMethods")
    void firstTargetOfAStreamEqualsItsOwnPrompt(Method method) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            assertEqualAlone(shape, method, method, target -> target == TestMethods.CONTEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti-minus", "dti-minus-sink"})
    void firstTargetOfAnOrdinaryStreamEqualsItsSlidingWindowPrompt(String name) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            assertEqualAlone(
                    shape,
                    TestMethods.named(name),
                    TestMethods.named("sliding-window"),
                    target -> target == TestMethods.CONTEXT);
        }
    }

    @ParameterizedTest
    @MethodSource("isolatedMethods")
    void everyTargetOfAnIsolatedStreamEqualsItsOwnPrompt(Method method) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            assertEqualAlone(shape, method, method, target -> true);
        }
    }

    /** In one layer nothing leaks: what remains is that no score depends on the absolute place in the stream. */
    @ParameterizedTest
    @MethodSource("probingMethods")
    void everyTargetEqualsItsOwnPromptInASingleLayer(Method method) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            assertEqualAlone(TestModels.withLayers(shape, 1), method, method, target -> true);
        }
    }

    @Test
    void aTruePrefixDistanceMakesLaterTargetsDependOnTheirPlace() {
        Method method = TestMethods.withTruePrefixDistance(TestMethods.named("dti-rope"));
        assertThat(largestDifference(TestModels.withLayers(TestModels.TINY, 1), method, method, target -> true))
                .isGreaterThan(10 * ROUNDING);
    }

    @Test
    void leakageMakesLaterTargetsOfADeepStreamDifferFromTheirOwnPrompts() {
        Method method = TestMethods.named("dti");
        assertThat(largestDifference(TestModels.TINY, method, method, target -> true))
                .isGreaterThan(10 * ROUNDING);
    }

    private static void assertEqualAlone(LlamaConfig shape, Method method, Method alone, IntPredicate targets) {
        assertThat(largestDifference(shape, method, alone, targets))
                .describedAs("%s, %s", method, shape)
                .isLessThan(ROUNDING);
    }

    /** Between logits in the stream and those of the targets' own prompts, over several random streams. */
    private static double largestDifference(LlamaConfig shape, Method method, Method alone, IntPredicate targets) {
        double largest = 0;
        try (Llama model = TestModels.frozen(shape)) {
            for (int seed = 0; seed < 3; seed++) {
                Prompt prompt = new RandomPrompts(seed, shape.vocabulary()).prompt(TestMethods.CONTEXT, TARGETS);
                List<float[]> inStream = TestEngines.logitsByTarget(TestEngines.of(model), layout(prompt, method));
                for (int target = prompt.firstTarget(); target < prompt.interactions(); target++) {
                    if (targets.test(target)) {
                        Prompt own = PromptEdits.alone(prompt, target, TestMethods.CONTEXT);
                        float[] expected = TestEngines.logits(TestEngines.of(model), layout(own, alone));
                        largest = Math.max(
                                largest, TestModels.difference(inStream.get(target - prompt.firstTarget()), expected));
                    }
                }
            }
        }
        return largest;
    }

    private static Layout layout(Prompt prompt, Method method) {
        return Layout.of(List.of(prompt), method, RandomPrompts.SUM_ID);
    }
}
