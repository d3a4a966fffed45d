package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and values of histories are kept between calls, and nobody can tell but by the clock. */
final class HistoryCacheTest {
    private static final double ROUNDING = 1e-5;
    private static final List<String> CANDIDATES = List.of("i1", "i7", "i12");

    @TempDir
    private static Path folder;

    private static ClickScorer forgetful;

    @BeforeAll
    static void train() {
        TinyRun.train(folder);
        forgetful = ClickScorer.load(folder, System::nanoTime);
    }

    @AfterAll
    static void close() {
        forgetful.close();
    }

    private static ClickScorer keeping(long bytes) {
        return ClickScorer.load(folder, System::nanoTime, Kept.histories(bytes));
    }

    private static List<Interaction> history(long seed, int size) {
        Random random = new Random(seed);
        return IntStream.range(0, size)
                .mapToObj(i -> new Interaction("i" + random.nextInt(30), random.nextBoolean()))
                .toList();
    }

    @Test
    void answersDoNotDependOnWhatIsKept() {
        try (ClickScorer scorer = keeping(1L << 30)) {
            for (int size = 0; size < 3 * scorer.context(); size++) {
                for (int user = 0; user < 3; user++) {
                    List<Interaction> history = history(user, size);
                    double[] expected = forgetful.score(history, CANDIDATES);
                    assertThat(scorer.score(history, CANDIDATES)).containsExactly(expected, within(ROUNDING));
                    assertThat(scorer.score(history, CANDIDATES)).containsExactly(expected, within(ROUNDING));
                }
            }
            CacheUse use = scorer.cacheUse();
            int n = scorer.context();
            assertThat(use.found()).as("each was asked for again").isGreaterThanOrEqualTo(9L * n);
            assertThat(use.continued())
                    .as("each user's up to the n-th, the first of each apart")
                    .isEqualTo(3L * (n - 1));
            assertThat(use.bytes()).isPositive();
        }
        assertThat(forgetful.cacheUse().histories()).isZero();
        assertThat(forgetful.cacheUse().bytes()).isZero();
    }

    @Test
    void whatIsKeptStaysWithinItsBoundAndTheLongestUnusedGoesFirst() {
        long each;
        try (ClickScorer scorer = keeping(1L << 30)) {
            scorer.score(history(0, 4), CANDIDATES);
            each = scorer.cacheUse().bytes();
        }
        try (ClickScorer scorer = keeping(3 * each + each / 2)) {
            for (int user = 0; user < 3; user++) {
                scorer.score(List.of(new Interaction("i1", true), new Interaction("i" + user, true)), CANDIDATES);
            }
            scorer.score(List.of(new Interaction("i1", true), new Interaction("i0", true)), CANDIDATES);
            assertThat(scorer.cacheUse().found()).isEqualTo(1);
            for (int user = 0; user < 40; user++) {
                scorer.score(history(user, 4), CANDIDATES);
                assertThat(scorer.cacheUse().bytes()).isLessThanOrEqualTo(3 * each + each / 2);
            }
            long read = scorer.cacheUse().read();
            scorer.score(history(39, 4), CANDIDATES);
            assertThat(scorer.cacheUse().read()).as("the last is kept").isEqualTo(read);
            scorer.score(history(2, 4), CANDIDATES);
            assertThat(scorer.cacheUse().read()).as("an early one is not").isEqualTo(read + 1);
        }
    }

    /** A server expects more time of those that must be read. */
    @Test
    void whetherAHistoryMustBeReadIsKnownBeforehand() {
        try (ClickScorer scorer = keeping(1L << 30)) {
            List<Interaction> history = history(0, 3 * scorer.context());
            assertThat(scorer.mustRead(history)).isTrue();
            assertThat(scorer.mustRead(List.of()))
                    .as("there is nothing to read")
                    .isFalse();
            scorer.score(history, CANDIDATES);
            assertThat(scorer.mustRead(history)).isFalse();
            assertThat(scorer.mustRead(history(1, 2))).isTrue();
        }
        forgetful.score(history(0, 4), CANDIDATES);
        assertThat(forgetful.mustRead(history(0, 4))).isTrue();
    }

    @Test
    void whatIsEvictedIsFreed() {
        System.gc(); // what other tests left must not vanish while this one counts
        Pointer.deallocateReferences();
        long each;
        try (ClickScorer scorer = keeping(1L << 30)) {
            scorer.score(history(0, 4), CANDIDATES);
            each = scorer.cacheUse().bytes();
        }
        try (ClickScorer scorer = keeping(3 * each + each / 2)) {
            long whenFull = 0;
            for (int user = 0; user < 60; user++) {
                scorer.score(history(user, 4), CANDIDATES);
                if (user == 20) {
                    whenFull = Pointer.totalCount();
                }
            }
            assertThat(scorer.cacheUse().histories()).isPositive();
            // histories differ in tokens, so one more or less may be kept: fewer tensors than 39 of them would have
            // left
            assertThat(Pointer.totalCount()).isLessThan(whenFull + 39);
        }
    }

    @Test
    void threadsShareItWhileHistoriesComeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ClickScorer scorer = keeping(50_000)) {
            List<Future<List<double[]>>> answers = new ArrayList<>();
            for (int call = 0; call < 200; call++) {
                int first = call % 13;
                answers.add(threads.submit(() -> scorer.score(queries(first))));
            }
            for (int call = 0; call < answers.size(); call++) {
                List<double[]> expected = forgetful.score(queries(call % 13));
                List<double[]> found = answers.get(call).get();
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(found.get(i)).containsExactly(expected.get(i), within(ROUNDING));
                }
            }
            assertThat(scorer.cacheUse().bytes()).isLessThanOrEqualTo(50_000);
        } finally {
            threads.shutdown();
        }
    }

    /** Two of the same history among them, and one that goes on with another. */
    private static List<Query> queries(int first) {
        return List.of(
                new Query(history(first, 3), CANDIDATES),
                new Query(history(first, 3), List.of("i2")),
                new Query(history(first, 4), CANDIDATES),
                new Query(history(first + 1, 4), CANDIDATES));
    }
}
