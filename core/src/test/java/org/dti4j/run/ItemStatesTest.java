package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dti4j.problem.UserException;
import org.dti4j.score.Interaction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained run whose items are computed once for all users, in memory and across restarts. */
final class ItemStatesTest {
    private static final double ROUNDING = 1e-5;
    private static final long PLENTY = 64 << 20;
    private static final List<String> CANDIDATES = List.of("i1", "i7", "i12", "i20");

    @TempDir
    private static Path folder;

    @TempDir
    private Path items;

    private static Path run;
    private static Path other;
    private static ClickScorer afresh;

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        other = folder.resolve("other");
        TinyRun.train(run, "dti-isolated", 3);
        TinyRun.train(other, "dti-isolated", 4);
        afresh = ClickScorer.load(run, System::nanoTime);
    }

    @AfterAll
    static void close() {
        afresh.close();
    }

    private static ClickScorer open(Path run, ItemStates items) {
        return ClickScorer.load(run, System::nanoTime, new Kept(1 << 20, items));
    }

    private static List<Interaction> history(int user) {
        Random random = new Random(user);
        return IntStream.range(0, 7)
                .mapToObj(i -> new Interaction("i" + random.nextInt(30), random.nextBoolean()))
                .toList();
    }

    private static void assertAnswers(ClickScorer scorer, ClickScorer expected) {
        for (int user = 0; user < 10; user++) {
            assertThat(scorer.score(history(user), CANDIDATES))
                    .containsExactly(expected.score(history(user), CANDIDATES), within(ROUNDING));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> content = Files.list(items)) {
            return content.filter(path -> path.toString().endsWith(".tokens")).toList();
        }
    }

    @Test
    void answersAreThoseOfARunThatSharesNothing() {
        try (ItemStates shared = ItemStates.inMemory(PLENTY);
                ClickScorer scorer = open(run, shared);
                UserSession session = scorer.session()) {
            assertThat(afresh.sharesItems()).isFalse();
            assertThat(scorer.sharesItems()).isTrue();
            assertAnswers(scorer, afresh);
            for (Interaction interaction : history(3)) {
                session.append(interaction);
            }
            assertThat(session.score(CANDIDATES))
                    .containsExactly(afresh.score(history(3), CANDIDATES), within(ROUNDING));
            assertThat(scorer.itemUse().found()).isGreaterThan(scorer.itemUse().computed());
        }
    }

    @Test
    void anotherProcessFindsWhatWasComputed() throws IOException {
        for (int start = 0; start < 2; start++) {
            try (ItemStates shared = ItemStates.in(items, PLENTY, note -> {});
                    ClickScorer scorer = open(run, shared)) {
                assertAnswers(scorer, afresh);
                long computed = scorer.itemUse().computed();
                if (start == 0) {
                    assertThat(computed).isPositive();
                } else {
                    assertThat(computed).isZero();
                }
            }
            assertThat(files())
                    .singleElement()
                    .satisfies(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(PLENTY + 64));
        }
    }

    @Test
    void whatADifferentModelComputedIsNeverReadAndGoesWhenNobodyUsesIt() throws IOException {
        Path foreign = Files.writeString(items.resolve("notes.tokens"), "mine");
        try (ItemStates shared = ItemStates.in(items, PLENTY, note -> {});
                ClickScorer others = ClickScorer.load(other, System::nanoTime)) {
            try (ClickScorer scorer = open(run, shared);
                    ClickScorer again = open(run, shared);
                    ClickScorer different = open(other, shared)) {
                assertAnswers(scorer, afresh);
                assertThat(again.itemUse()).as("the same weights").isEqualTo(scorer.itemUse());
                assertThat(different.itemUse().tokens()).isZero();
                assertAnswers(different, others);
                assertThat(files()).as("both, and what is not ours").hasSize(3);
            }
            try (ClickScorer scorer = open(run, shared)) {
                assertThat(scorer.itemUse().tokens()).as("was kept").isPositive();
                assertThat(files())
                        .as("that of the other is deleted")
                        .hasSize(2)
                        .contains(foreign);
            }
        }
    }

    @Test
    void aFolderIsOfOneProcess() {
        try (ItemStates shared = ItemStates.in(items, PLENTY, note -> {})) {
            assertThatThrownBy(() -> ItemStates.in(items, PLENTY, note -> {}))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("must not be in use");
        }
        assertThatThrownBy(() -> ItemStates.in(items, 0, note -> {})).isInstanceOf(UserException.class);
    }

    @Test
    void aRunWhoseItemsSeeEachOtherSharesNothing() throws IOException {
        Path dti = folder.resolve("dti");
        TinyRun.train(dti);
        try (ItemStates shared = ItemStates.in(items, PLENTY, note -> {});
                ClickScorer scorer = open(dti, shared)) {
            assertThat(scorer.sharesItems()).isFalse();
            assertThat(scorer.score(history(0), CANDIDATES)).hasSize(4);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void aDamagedFileIsComputedAgainAndSaid() throws IOException {
        List<String> notes = new ArrayList<>();
        try (ItemStates shared = ItemStates.in(items, PLENTY, notes::add);
                ClickScorer scorer = open(run, shared)) {
            assertAnswers(scorer, afresh);
        }
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 100; at < 1 << 16; at += 1000) {
            whole[at] ^= 1;
        }
        Files.write(file, whole);
        try (ItemStates shared = ItemStates.in(items, PLENTY, notes::add);
                ClickScorer scorer = open(run, shared)) {
            assertAnswers(scorer, afresh);
            assertThat(scorer.itemUse().damaged()).isPositive();
            assertThat(notes).isNotEmpty().allMatch(note -> note.contains("damaged"));
        }
    }
}
