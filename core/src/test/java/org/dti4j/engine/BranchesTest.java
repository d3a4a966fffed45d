package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dti4j.model.TestModels.difference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.method.TestMethods;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/method.md section 6: a stream that keeps keys and values answers as the whole stream does, which a {@link Pass} computes. */
class BranchesTest {
    private static final double ROUNDING = 1e-5;
    private static final int[] WORDS = {3, 17, 41};

    /** A method of those that run on branches, a shape of model, and random prompts. */
    record Case(int seed, Method method, LlamaConfig shape) {
        /** One of {@code context} interactions and a last one, which is the only target. */
        Prompt prompt(int context) {
            return new RandomPrompts(seed, shape.vocabulary()).prompt(context, 1);
        }
    }

    static List<Case> cases() {
        List<Method> methods = new ArrayList<>();
        for (String name : List.of("dti", "dti-rope", "dti-isolated")) {
            for (boolean reset : new boolean[] {false, true}) {
                Method method = TestMethods.withReset(TestMethods.named(name), reset);
                methods.add(method);
                methods.add(TestMethods.withTruePrefixDistance(method));
                methods.add(TestMethods.withAlibiPrefixDistance(method));
            }
        }
        return IntStream.range(0, 3 * methods.size())
                .mapToObj(i -> new Case(i, methods.get(i % methods.size()), TestModels.SHAPES.get(i / methods.size())))
                .toList();
    }

    private static Branches branches(Llama model, Case random) {
        return new Branches(model, null, random.method(), random.prompt(1).prefix(), RandomPrompts.SUM_ID);
    }

    /** Item and feedback of interactions {@code from} to {@code to - 1}. */
    static int[][] interactions(Prompt prompt, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> IntStream.concat(Arrays.stream(prompt.item(i)), Arrays.stream(prompt.feedback(i)))
                        .toArray())
                .toArray(int[][]::new);
    }

    private static float[] byPass(Llama model, Prompt prompt, Method method) {
        float[] logits =
                TestEngines.logits(TestEngines.of(model), Layout.of(List.of(prompt), method, RandomPrompts.SUM_ID));
        float[] words = new float[WORDS.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = logits[WORDS[i]];
        }
        return words;
    }

    private static UserStream appended(Branches branches, Prompt prompt, int from, int to, int step) {
        UserStream stream = branches.empty();
        for (int i = from; i < to; i += step) {
            UserStream longer = branches.append(stream, interactions(prompt, i, Math.min(to, i + step)));
            stream.close();
            stream = longer;
        }
        return stream;
    }

    private static int[][] lastItem(Prompt prompt) {
        return new int[][] {prompt.item(prompt.interactions() - 1)};
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCandidateAnswersAsTheLastTargetOfTheWholeStream(Case random) {
        Prompt prompt = random.prompt(9);
        try (Llama model = TestModels.frozen(random.shape());
                Branches branches = branches(model, random)) {
            float[] expected = byPass(model, prompt, random.method());
            for (int step : new int[] {1, 4, 9}) {
                try (UserStream stream = appended(branches, prompt, 0, 9, step)) {
                    assertThat(difference(branches.logits(stream, lastItem(prompt), WORDS), expected))
                            .as("%s in steps of %d", random, step)
                            .isLessThan(ROUNDING);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStreamNoLongerThanTheContextAnswersAsThePromptOfOneTarget(Case random) {
        for (int context = 0; context <= random.method().context(); context++) {
            Prompt prompt = random.prompt(context);
            try (Llama model = TestModels.frozen(random.shape());
                    Branches branches = branches(model, random);
                    UserStream stream = appended(branches, prompt, 0, context, 1)) {
                assertThat(difference(
                                branches.logits(stream, lastItem(prompt), WORDS),
                                byPass(model, prompt, random.method())))
                        .as("%s, %d interactions", random, context)
                        .isLessThan(ROUNDING);
            }
        }
    }

    /** And no other method's does: information travels up a stream, layer by layer. */
    @ParameterizedTest
    @MethodSource("cases")
    void withIsolatedItemsALongStreamAnswersAsThePromptOfItsLastInteractions(Case random) {
        Prompt whole = random.prompt(9);
        int n = random.method().context();
        Prompt last = new Prompt(
                whole.prefix(),
                IntStream.range(9 - n, 10).mapToObj(whole::item).toArray(int[][]::new),
                IntStream.range(9 - n, 10).mapToObj(whole::feedback).toArray(int[][]::new),
                n,
                new boolean[n + 1]);
        try (Llama model = TestModels.frozen(random.shape());
                Branches branches = branches(model, random);
                UserStream stream = appended(branches, whole, 0, 9, 1)) {
            double found =
                    difference(branches.logits(stream, lastItem(whole), WORDS), byPass(model, last, random.method()));
            if (random.method().isolatedItems() && random.method().prefixDistance() != null) {
                assertThat(found).as("%s", random).isLessThan(ROUNDING);
            } else {
                assertThat(found).as("%s", random).isGreaterThan(ROUNDING);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void candidatesDoNotSeeEachOther(Case random) {
        Prompt prompt = random.prompt(6);
        int[][] items = IntStream.range(0, 7).mapToObj(prompt::item).toArray(int[][]::new);
        try (Llama model = TestModels.frozen(random.shape());
                Branches branches = branches(model, random);
                UserStream stream = appended(branches, prompt, 0, 5, 5)) {
            float[] together = branches.logits(stream, items, WORDS);
            for (int i = 0; i < items.length; i++) {
                float[] alone = branches.logits(stream, new int[][] {items[i]}, WORDS);
                assertThat(difference(alone, Arrays.copyOfRange(together, 3 * i, 3 * i + 3)))
                        .isLessThan(ROUNDING);
            }
            assertThat(difference(branches.logits(stream, items, WORDS), together))
                    .as("scoring leaves no trace")
                    .isZero();
        }
    }

    @Test
    void aStreamHoldsTheLastInteractionsAlone() {
        Case random = cases().get(0);
        Prompt prompt = random.prompt(9);
        try (Llama model = TestModels.frozen(random.shape());
                Branches branches = branches(model, random);
                UserStream stream = appended(branches, prompt, 0, 9, 1)) {
            int n = random.method().context();
            int tokens = Arrays.stream(interactions(prompt, 9 - n, 9))
                    .mapToInt(ids -> ids.length)
                    .sum();
            LlamaConfig shape = random.shape();
            long perToken = 4L * 2 * shape.layers() * shape.keyValueHeads() * shape.headWidth();
            assertThat(stream.rows()).isEqualTo(tokens);
            assertThat(stream.bytes()).isEqualTo(perToken * tokens);
            assertThat(stream.interactions()).isEqualTo(9);
        }
    }

    @Test
    void whatStreamsAndScoringAllocateIsFreedWhenTheyAreClosed() {
        System.gc(); // what other tests left must not vanish while this one counts
        Pointer.deallocateReferences();
        Case random = cases().get(2); // with reset
        Prompt prompt = random.prompt(6);
        try (Llama model = TestModels.frozen(random.shape())) {
            long count = 0;
            for (int user = 0; user < 50; user++) {
                try (Branches branches = branches(model, random);
                        UserStream stream = appended(branches, prompt, 0, 6, 1)) {
                    branches.logits(stream, lastItem(prompt), WORDS);
                }
                count = user == 0 ? Pointer.totalCount() : count;
                assertThat(Pointer.totalCount()).as("after user %d", user).isLessThanOrEqualTo(count);
            }
        }
    }

    @Test
    void methodsWhoseStreamsDependOnSumsAreRefused() {
        for (String name : List.of("sliding-window", "dti-minus", "dti-minus-sink")) {
            assertThat(Branches.supports(Method.named(name))).isFalse();
        }
        assertThat(Branches.supports(Method.named("dti").withWindowTokens(30))).isFalse();
        try (Llama model = TestModels.frozen(TestModels.TINY)) {
            assertThatThrownBy(() -> new Branches(model, null, Method.named("sliding-window"), new int[] {1}, 2))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
