package org.dti4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/method.md sections 2 to 4: where tokens stand and what they see, against the reference's own lines. */
class LayoutTest {
    private static final int LAYOUTS = 60;
    private static final int VOCABULARY = 60;

    /** A random layout, what it was made from, and its name. */
    record Case(Layout layout, List<Prompt> prompts, String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> randomLayouts() {
        return IntStream.range(0, LAYOUTS).mapToObj(LayoutTest::randomLayout).toList();
    }

    private static Case randomLayout(int seed) {
        RandomPrompts random = new RandomPrompts(seed, VOCABULARY);
        Method method = random.method();
        List<Prompt> prompts = random.batch(method);
        return new Case(Layout.of(prompts, method, RandomPrompts.SUM_ID), prompts, "seed " + seed);
    }

    /** The rows of one prompt and of the prefix as they are written. */
    private static int[] asWritten(Layout layout, int prompt) {
        return IntStream.range(0, layout.rows())
                .filter(row -> row < layout.prefixRows() || layout.prompt(row) == prompt)
                .boxed()
                .sorted(Comparator.comparingInt(layout::order))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("randomLayouts")
    void tokensStandAsTheReferenceLaysThemOut(Case random) {
        Layout layout = random.layout();
        for (int prompt = 0; prompt < random.prompts().size(); prompt++) {
            ReferenceLayout reference =
                    new ReferenceLayout(random.prompts().get(prompt), RandomPrompts.SUM_ID, layout.method());
            int[] rows = asWritten(layout, prompt);
            assertThat(IntStream.of(rows).map(layout::order).toArray())
                    .containsExactly(IntStream.range(0, reference.size()).toArray());
            assertThat(IntStream.of(rows).map(layout::id)).containsExactlyElementsOf(reference.ids);
            assertThat(IntStream.of(rows).mapToObj(layout::kind)).containsExactlyElementsOf(reference.kind);
            assertThat(IntStream.of(rows).map(layout::interaction)).containsExactlyElementsOf(reference.inter);
            assertThat(IntStream.of(rows).map(layout::position)).containsExactlyElementsOf(reference.pos);
        }
    }

    @ParameterizedTest
    @MethodSource("randomLayouts")
    void visibilityIsThatOfTheReference(Case random) {
        Layout layout = random.layout();
        Visibility visibility = new Visibility(layout);
        for (int prompt = 0; prompt < random.prompts().size(); prompt++) {
            ReferenceLayout reference =
                    new ReferenceLayout(random.prompts().get(prompt), RandomPrompts.SUM_ID, layout.method());
            int[] rows = asWritten(layout, prompt);
            for (int q = 0; q < rows.length; q++) {
                for (int k = 0; k < rows.length; k++) {
                    assertThat(visibility.mayAttend(rows[q], rows[k]))
                            .describedAs("query %d, key %d of %s", q, k, layout.method())
                            .isEqualTo(reference.mayAttend(q, k));
                    assertThat(visibility.resetRatio(rows[q], rows[k]))
                            .isCloseTo(reference.resetRatio(q, k), within(1e-12));
                    assertThat(visibility.distance(rows[q], rows[k])).isEqualTo(reference.distance(q, k));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("randomLayouts")
    void intervalsSayWhatVisibilitySays(Case random) {
        Layout layout = random.layout();
        Visibility visibility = new Visibility(layout);
        for (int query = layout.prefixRows(); query < layout.rows(); query++) {
            for (int key = 0; key < layout.rows(); key++) {
                assertThat(inInterval(layout, query, key))
                        .describedAs("query %d, key %d, %s", query, key, layout.method())
                        .isEqualTo(visibility.mayAttend(query, key));
            }
        }
    }

    private static boolean inInterval(Layout layout, int query, int key) {
        int streamRow = key - layout.prefixRows();
        if (streamRow < 0) {
            return layout.seesPrefix(query);
        }
        boolean inside = layout.seesFrom(query) <= streamRow && streamRow < layout.seesTo(query);
        return key == query || (inside && streamRow < layout.streamRows());
    }

    @ParameterizedTest
    @MethodSource("randomLayouts")
    void noPromptSeesAnother(Case random) {
        Layout layout = random.layout();
        Visibility visibility = new Visibility(layout);
        for (int query = layout.prefixRows(); query < layout.rows(); query++) {
            for (int key = layout.prefixRows(); key < layout.rows(); key++) {
                assertThat(layout.prompt(query) != layout.prompt(key) && visibility.mayAttend(query, key))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("randomLayouts")
    void targetsComeInTheOrderOfPromptsWithTheirLabels(Case random) {
        Layout layout = random.layout();
        int[] sums = layout.sumRows();
        int target = 0;
        for (int prompt = 0; prompt < random.prompts().size(); prompt++) {
            Prompt source = random.prompts().get(prompt);
            for (int a = source.firstTarget(); a < source.interactions(); a++, target++) {
                assertThat(layout.kind(sums[target])).isEqualTo(TokenKind.SUM);
                assertThat(layout.prompt(sums[target])).isEqualTo(prompt);
                assertThat(layout.interaction(sums[target])).isEqualTo(a);
                assertThat(layout.label(target)).isEqualTo(source.label(a));
            }
        }
        assertThat(layout.targets()).isEqualTo(target);
    }

    @Test
    void theLastTargetsFeedbackIsNeverInThePrompt() {
        int[][] items = {{10}, {11}};
        int[][] feedbacks = {{20}, {21}};
        Prompt prompt = new Prompt(new int[] {1}, items, feedbacks, 0, new boolean[2]);
        Layout layout = Layout.of(List.of(prompt), Method.named("dti"), RandomPrompts.SUM_ID);
        assertThat(layout.ids()).contains(20).doesNotContain(21);
        assertThat(layout.rows()).isEqualTo(prompt.tokens());
    }

    @Test
    void promptsOfOneLayoutMustShareTheirPrefix() {
        Prompt one = new RandomPrompts(1, VOCABULARY).prompt(1, 1);
        Prompt other = new RandomPrompts(2, VOCABULARY).prompt(1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layout.of(List.of(one, other), Method.named("dti"), RandomPrompts.SUM_ID))
                .withMessageContaining("prefix");
    }
}
