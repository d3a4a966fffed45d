package org.dti4j.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.prompt.Prompt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The blocks of the windowed attention miss no query and no key, and do not grow with the stream: its cost is linear (docs/method.md section 3). */
class WindowsTest {
    private static final int VOCABULARY = 60;
    private static final int CONTEXT = 20;
    private static final int TOKENS_PER_INTERACTION = 10;

    /** Windows and the queries that read through them, in the order of the layout. */
    record Case(Layout layout, Windows windows, boolean sums, String name) {
        int[] queries() {
            return sums ? layout.sumRows() : IntStream.range(0, windows.rows()).toArray();
        }

        int blockOf(int query) {
            return sums ? windows.sumSlots()[query] / windows.sumsPerBlock() : queries()[query] / windows.block();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> randomWindows() {
        List<Case> cases = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            RandomPrompts random = new RandomPrompts(seed, VOCABULARY);
            Method method = random.method();
            Layout layout = Layout.of(random.batch(method), method, RandomPrompts.SUM_ID);
            int block = new int[] {1, 3, 8, 64}[seed % 4];
            cases.add(new Case(layout, Windows.ofStream(layout, block), false, "stream, seed " + seed));
            cases.add(new Case(layout, Windows.ofSums(layout, block), true, "sums, seed " + seed));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("randomWindows")
    void everySumHasAPlaceOfItsOwn(Case random) {
        int[] rows = random.windows().sumRows();
        int[] slots = random.windows().sumSlots();
        assertThat(slots).doesNotHaveDuplicates();
        assertThat(Arrays.stream(slots).map(slot -> rows[slot]).toArray())
                .containsExactly(random.layout().sumRows());
        assertThat(Arrays.stream(rows).filter(row -> row != Windows.NONE).count())
                .isEqualTo(random.layout().targets());
    }

    /** Prefix rows are read through the window by the prefix itself, and apart from it by all other rows. */
    @ParameterizedTest
    @MethodSource("randomWindows")
    void theWindowHoldsAllThatAQueryMaySeeAndTheRangeInItNothingElse(Case random) {
        Layout layout = random.layout();
        Windows windows = random.windows();
        Visibility visibility = new Visibility(layout);
        int[] queries = random.queries();
        for (int i = 0; i < queries.length; i++) {
            int query = queries[i];
            boolean ofPrefix = query < layout.prefixRows();
            int[] visible = IntStream.range(ofPrefix ? 0 : layout.prefixRows(), windows.rows())
                    .filter(row -> visibility.mayAttend(query, row))
                    .toArray();
            int first = windows.firstKey(random.blockOf(i));
            assertThat(IntStream.range(windows.from(query), windows.to(query)).toArray())
                    .isEqualTo(visible);
            for (int row : visible) {
                assertThat(row).isBetween(first, first + windows.keys() - 1);
            }
            if (!ofPrefix && layout.prefixRows() > 0) {
                assertThat(windows.readsPrefix(query)).isEqualTo(visibility.mayAttend(query, 0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti-minus", "dti-minus-sink", "dti", "dti-rope", "dti-isolated"})
    void windowsDoNotGrowWithTheStream(String name) {
        Method method = Method.named(name).withTargets(Targets.ALL);
        Layout shorter = stream(method, 1_000);
        Layout longer = stream(method, 10_000);
        assertThat(shorter.streamRows()).isBetween(900, 1_200);
        assertThat(longer.streamRows()).isBetween(9_900, 11_100);
        for (int block : new int[] {16, 64}) {
            assertSameWindows(Windows.ofStream(shorter, block), Windows.ofStream(longer, block), block);
            assertSameWindows(Windows.ofSums(shorter, block), Windows.ofSums(longer, block), block);
        }
    }

    private static void assertSameWindows(Windows shorter, Windows longer, int block) {
        assertThat(longer.keys())
                .isBetween(shorter.keys(), shorter.keys() + block)
                .describedAs("the window, one item, and the block")
                .isLessThanOrEqualTo((CONTEXT + 1) * (TOKENS_PER_INTERACTION + 1) + 2 * block);
        assertThat(longer.sumsPerBlock()).isLessThanOrEqualTo(block / 4 + 2);
        assertThat(longer.blocks()).isLessThanOrEqualTo(longer.rows() / block + 1);
    }

    /** A stream of about so many tokens, {@value #TOKENS_PER_INTERACTION} per interaction. */
    private static Layout stream(Method method, int tokens) {
        int interactions = tokens / TOKENS_PER_INTERACTION;
        int[][] items = new int[interactions][TOKENS_PER_INTERACTION - 1];
        int[][] feedbacks = new int[interactions][1];
        Prompt prompt = new Prompt(new int[4], items, feedbacks, CONTEXT, new boolean[interactions]);
        return Layout.of(List.of(prompt), method, RandomPrompts.SUM_ID);
    }
}
