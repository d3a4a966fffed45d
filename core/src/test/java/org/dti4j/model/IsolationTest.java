package org.dti4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.engine.TestEngines;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.PromptEdits;
import org.dti4j.method.RandomPrompts;
import org.dti4j.method.TestMethods;
import org.dti4j.method.TokenKind;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/method.md section 7, invariants 4 and 5: what a target cannot know. Unchanged means bit for bit, where all shapes stay the same: so
 * the prefix holds every id, lest an edit change the number of distinct ids that the reset projects.
 */
class IsolationTest {
    private static final double ROUNDING = 1e-5;
    private static final int TARGETS = 8;

    static List<Method> methods() {
        return Method.NAMES.stream()
                .filter(name -> !name.equals("sliding-window"))
                .map(TestMethods::named)
                .toList();
    }

    static List<Method> hiddenMethods() {
        return methods().stream().filter(Method::sumHidden).toList();
    }

    private static Prompt prompt(LlamaConfig shape) {
        int[] prefix = IntStream.range(0, shape.vocabulary()).toArray();
        Prompt prompt = new RandomPrompts(11, shape.vocabulary()).prompt(prefix, TestMethods.CONTEXT, TARGETS);
        for (int a = 0; a < prompt.interactions(); a++) {
            prompt = PromptEdits.withOtherOutcome(prompt, a, 20 + a, 40);
        }
        return prompt;
    }

    private static Layout layout(Prompt prompt, Method method) {
        return Layout.of(List.of(prompt), method, RandomPrompts.SUM_ID);
    }

    /** How much the logits of each target differ between two prompts. */
    private static double[] differences(LlamaConfig shape, Method method, Prompt one, Prompt other) {
        try (Llama model = TestModels.frozen(shape)) {
            List<float[]> before = TestEngines.logitsByTarget(TestEngines.of(model), layout(one, method));
            List<float[]> after = TestEngines.logitsByTarget(TestEngines.of(model), layout(other, method));
            double[] differences = new double[before.size()];
            for (int i = 0; i < differences.length; i++) {
                differences[i] = TestModels.difference(before.get(i), after.get(i));
            }
            return differences;
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aTargetNeverSeesItsOwnOutcomeNorALaterOne(Method method) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            Prompt prompt = prompt(shape);
            int flipped = TestMethods.CONTEXT + 4;
            double[] differences =
                    differences(shape, method, prompt, PromptEdits.withOtherOutcome(prompt, flipped, 50, 51));
            for (int i = 0; i < TARGETS; i++) {
                boolean later = TestMethods.CONTEXT + i > flipped;
                assertThat(differences[i])
                        .describedAs("target %d, %s", i, method)
                        .satisfies(
                                difference -> assertThat(difference > ROUNDING).isEqualTo(later))
                        .satisfies(difference -> assertThat(difference == 0).isEqualTo(!later));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aTargetIsTheSameHoweverLongItsOwnFeedbackIs(Method method) {
        Prompt prompt = prompt(TestModels.TINY);
        int flipped = TestMethods.CONTEXT + 4;
        Prompt longer = PromptEdits.withOtherOutcome(prompt, flipped, 50, 51, 52, 53, 54, 55, 56);
        double[] differences = differences(TestModels.TINY, method, prompt, longer);
        assertThat(differences[4]).isLessThan(ROUNDING);
        assertThat(differences[5]).isGreaterThan(ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void labelsAreNoPartOfTheText(Method method) {
        Prompt prompt = prompt(TestModels.TINY);
        Prompt flipped = prompt;
        for (int a = 0; a < prompt.interactions(); a++) {
            flipped = PromptEdits.withOtherOutcome(flipped, a, prompt.feedback(a));
        }
        assertThat(layout(flipped, method).labels())
                .isNotEqualTo(layout(prompt, method).labels());
        assertThat(differences(TestModels.TINY, method, prompt, flipped)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("hiddenMethods")
    void deletingSumsChangesNoOtherState(Method method) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            assertThat(changeOfItemsWithoutSums(shape, method)).isLessThan(ROUNDING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti-minus", "dti-minus-sink"})
    void sumsThatAreNotHiddenChangeTheStatesBehindThem(String name) {
        assertThat(changeOfItemsWithoutSums(TestModels.TINY, TestMethods.named(name)))
                .isGreaterThan(ROUNDING);
    }

    /** Of the states of all tokens but [SUM]s, when all [SUM]s are left out but the last one, behind which nothing stands. */
    private static double changeOfItemsWithoutSums(LlamaConfig shape, Method method) {
        Prompt prompt = prompt(shape);
        double largest = 0;
        try (Llama model = TestModels.frozen(shape)) {
            List<float[]> with = statesButSums(model, layout(prompt, method));
            List<float[]> without = statesButSums(model, layout(PromptEdits.onlyLastTarget(prompt), method));
            assertThat(with).hasSameSizeAs(without).hasSizeGreaterThan(prompt.interactions());
            for (int row = 0; row < with.size(); row++) {
                largest = Math.max(largest, TestModels.difference(with.get(row), without.get(row)));
            }
        }
        return largest;
    }

    private static List<float[]> statesButSums(Llama model, Layout layout) {
        List<float[]> states = TestEngines.states(TestEngines.of(model), layout);
        return IntStream.range(0, layout.rows())
                .filter(row -> layout.kind(row) != TokenKind.SUM)
                .mapToObj(states::get)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void inTheFirstLayerATargetReadsItsWindowAndNoMore(Method method) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            LlamaConfig single = TestModels.withLayers(shape, 1);
            assertThat(changeOfLastTarget(single, method, TestMethods.CONTEXT + 1))
                    .isZero();
            assertThat(changeOfLastTarget(single, method, TestMethods.CONTEXT)).isGreaterThan(ROUNDING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti-minus", "dti-minus-sink", "dti", "dti-rope"})
    void inDeeperLayersEarlierInteractionsLeakIn(String name) {
        for (LlamaConfig shape : TestModels.SHAPES) {
            assertThat(changeOfLastTarget(shape, TestMethods.named(name), TestMethods.CONTEXT + 1))
                    .isGreaterThan(ROUNDING);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inAnIsolatedStreamNothingLeaksInAnyLayer(boolean reset) {
        Method method = TestMethods.withReset(TestMethods.named("dti-isolated"), reset);
        for (LlamaConfig shape : TestModels.SHAPES) {
            for (int back = TestMethods.CONTEXT + 1; back <= TARGETS; back++) {
                assertThat(changeOfLastTarget(shape, method, back)).isZero();
            }
            assertThat(changeOfLastTarget(shape, method, TestMethods.CONTEXT)).isGreaterThan(ROUNDING);
        }
    }

    /** Of the last target's logits, when the item so many interactions before it is another one. */
    private static double changeOfLastTarget(LlamaConfig shape, Method method, int back) {
        Prompt prompt = prompt(shape);
        Prompt other = PromptEdits.withOtherItem(prompt, prompt.interactions() - 1 - back);
        double[] differences = differences(shape, method, prompt, other);
        return differences[differences.length - 1];
    }
}
