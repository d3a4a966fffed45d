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
class BlockGridTest {
    private static final int VOCABULARY = 60;
    private static final int CONTEXT = 20;
    private static final int TOKENS_PER_INTERACTION = 10;

    /** A grid and the queries that it must hold, in the order of the layout. */
    record Case(Layout layout, BlockGrid grid, boolean sums, String name) {
        int[] queries() {
            int first = layout.prefixRows();
            return sums
                    ? layout.sumRows()
                    : IntStream.range(first, first + layout.streamRows()).toArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> randomGrids() {
        List<Case> cases = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            RandomPrompts random = new RandomPrompts(seed, VOCABULARY);
            Method method = random.method();
            Layout layout = Layout.of(random.batch(method), method, RandomPrompts.SUM_ID);
            int chunk = new int[] {1, 3, 8, 64}[seed % 4];
            cases.add(new Case(layout, BlockGrid.ofStream(layout, chunk), false, "stream, seed " + seed));
            cases.add(new Case(layout, BlockGrid.ofSums(layout, chunk), true, "sums, seed " + seed));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("randomGrids")
    void everyQueryStandsInExactlyOneBlock(Case random) {
        BlockGrid grid = random.grid();
        int[] rows = grid.queryRows();
        assertThat(rows).hasSize(grid.blocks() * grid.queriesPerBlock());
        assertThat(Arrays.stream(rows).filter(row -> row != BlockGrid.NONE).toArray())
                .containsExactlyInAnyOrder(random.queries());
        assertThat(Arrays.stream(grid.slots()).map(slot -> rows[slot]).toArray())
                .containsExactly(random.queries());
    }

    @ParameterizedTest
    @MethodSource("randomGrids")
    void everyVisibleStreamRowStandsOnceAmongTheKeysOfItsQuerysBlock(Case random) {
        Layout layout = random.layout();
        Visibility visibility = new Visibility(layout);
        int width = random.grid().keysPerBlock();
        int[] keys = random.grid().keyRows(layout.streamRows());
        int[] slots = random.grid().slots();
        int[] queries = random.queries();
        for (int i = 0; i < queries.length; i++) {
            int query = queries[i];
            int from = slots[i] / random.grid().queriesPerBlock() * width;
            int[] visible = IntStream.range(0, layout.streamRows())
                    .filter(row -> visibility.mayAttend(query, layout.prefixRows() + row))
                    .toArray();
            int[] held = Arrays.stream(keys, from, from + width)
                    .filter(row -> row != BlockGrid.NONE)
                    .toArray();
            assertThat(held).doesNotHaveDuplicates().contains(visible);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dti-minus", "dti-minus-sink", "dti", "dti-rope", "dti-isolated"})
    void keysPerBlockDoNotGrowWithTheStream(String name) {
        Method method = Method.named(name).withTargets(Targets.ALL);
        Layout shorter = stream(method, 1_000);
        Layout longer = stream(method, 10_000);
        assertThat(shorter.streamRows()).isBetween(900, 1_200);
        assertThat(longer.streamRows()).isBetween(9_900, 11_100);
        for (int chunk : new int[] {16, 64}) {
            assertSameBlocks(BlockGrid.ofStream(shorter, chunk), BlockGrid.ofStream(longer, chunk), chunk);
            assertSameBlocks(BlockGrid.ofSums(shorter, chunk), BlockGrid.ofSums(longer, chunk), chunk);
            assertThat(BlockGrid.ofStream(longer, chunk).blocks()).isLessThanOrEqualTo(longer.streamRows() / chunk + 1);
            assertThat(BlockGrid.ofSums(longer, chunk).blocks()).isLessThanOrEqualTo(longer.streamRows() / chunk + 1);
        }
    }

    private static void assertSameBlocks(BlockGrid shorter, BlockGrid longer, int chunk) {
        assertThat(longer.keysPerBlock()).isEqualTo(shorter.keysPerBlock());
        assertThat(longer.keysPerBlock())
                .describedAs("the window, one item and what rounding to chunks adds on either side")
                .isLessThanOrEqualTo((CONTEXT + 1) * (TOKENS_PER_INTERACTION + 1) + 2 * chunk);
        assertThat(longer.queriesPerBlock())
                .isEqualTo(shorter.queriesPerBlock())
                .isLessThanOrEqualTo(chunk);
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
