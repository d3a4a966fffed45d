package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.dti4j.score.Interaction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory stays flat however often is scored: plainly, with kept histories, and by sessions that come and go. {@code -Ddti.scorings=100000}
 * does so longer than the build does, and says what it measured.
 */
final class ScoringMemoryTest {
    private static final int SCORINGS = Integer.getInteger("dti.scorings", 1000);
    private static final int MEASUREMENTS = 10;
    private static final int ITEMS = 30;
    private static final int CANDIDATES = 3;
    /** Room for a few histories of many: the others are evicted all the time. */
    private static final long CACHE_BYTES = 256 << 10;
    /** Measurements before those that are compared: pages that the heap has but never used yet are used meanwhile, and look like native memory. */
    private static final int WARM = 2;
    /** What the allocator may keep for itself; a matrix lost in each of 700 scorings is more. */
    private static final long SLACK = 18L << 20;

    @TempDir
    private static Path run;

    private final Random random = new Random(5);

    @BeforeAll
    static void train() {
        TinyRun.train(run);
    }

    /** Scores something of a user. */
    private interface Scoring {
        double[] score(int number);
    }

    /**
     * @param resident memory of the process
     * @param heap what of it is Java's own, which grows as it pleases up to its bound
     * @param pointers to native memory that are alive
     */
    private record Memory(long resident, long heap, long pointers) {
        static Memory now() {
            System.gc();
            return new Memory(
                    Pointer.physicalBytes(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted(),
                    Pointer.totalCount());
        }

        long outsideOfHeap() {
            return resident - heap;
        }
    }

    @Test
    void plainScoringLeavesNothingBehind() {
        try (ClickScorer scorer = ClickScorer.load(run, System::nanoTime)) {
            staysFlat("plain", number -> scorer.score(history(), candidates()));
        }
    }

    @Test
    void historiesThatAreKeptAndEvictedLeaveNothingBehind() {
        try (ClickScorer scorer = ClickScorer.load(run, System::nanoTime, Kept.histories(CACHE_BYTES))) {
            staysFlat("with kept histories", number -> scorer.score(history(), candidates()));
            CacheUse use = scorer.cacheUse();
            assertThat((long) use.histories())
                    .as("kept of those that were read")
                    .isLessThan(use.read() / 2);
        }
    }

    @Test
    void sessionsThatComeAndGoLeaveNothingBehind() {
        try (ClickScorer scorer = ClickScorer.load(run, System::nanoTime)) {
            UserSession[] session = {scorer.session()};
            staysFlat("sessions", number -> {
                if (number % 10 == 0) {
                    session[0].close();
                    session[0] = scorer.session();
                }
                session[0].append(interaction());
                return session[0].score(candidates());
            });
            session[0].close();
        }
    }

    private void staysFlat(String what, Scoring scoring) {
        List<Memory> memory = new ArrayList<>();
        for (int number = 0; number < SCORINGS; number++) {
            assertThat(scoring.score(number)).hasSize(CANDIDATES).doesNotContain(Double.NaN);
            if ((number + 1) % (SCORINGS / MEASUREMENTS) == 0) {
                memory.add(Memory.now());
                tell(what, number + 1, memory.get(memory.size() - 1));
            }
        }
        Memory first = memory.get(WARM);
        Memory last = memory.get(memory.size() - 1);
        assertThat(last.outsideOfHeap() - first.outsideOfHeap())
                .as("bytes outside of the heap that %s left behind: %s", what, memory)
                .isLessThan(SLACK);
        assertThat(last.pointers()).as("pointers, %s: %s", what, memory).isLessThanOrEqualTo(first.pointers() + 100);
    }

    private static void tell(String what, int scorings, Memory memory) {
        if (Integer.getInteger("dti.scorings") != null) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "%s: %d scorings, %.1f MiB resident, of which %.1f heap, %d pointers",
                    what,
                    scorings,
                    memory.resident / 1048576.0,
                    memory.heap / 1048576.0,
                    memory.pointers));
        }
    }

    private List<Interaction> history() {
        return IntStream.range(0, random.nextInt(8))
                .mapToObj(i -> interaction())
                .toList();
    }

    private Interaction interaction() {
        return new Interaction(item(), random.nextBoolean());
    }

    private List<String> candidates() {
        return IntStream.range(0, CANDIDATES).mapToObj(i -> item()).toList();
    }

    private String item() {
        return "i" + (1 + random.nextInt(ITEMS - 1));
    }
}
