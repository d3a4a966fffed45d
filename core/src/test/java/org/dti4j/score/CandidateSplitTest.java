package org.dti4j.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every candidate is in exactly one pass, and passes are as equal and as few as memory allows. */
final class CandidateSplitTest {
    private static long padded(List<CandidateSplit.Part> pass) {
        return pass.stream()
                .mapToLong(part -> (long) part.longest() * (part.end() - part.from()))
                .sum();
    }

    @Test
    void everyCandidateIsScoredOnceAndNoPassIsTooLarge() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            List<int[]> lengths = new ArrayList<>();
            for (int request = 0; request < random.nextInt(6); request++) {
                lengths.add(random.ints(random.nextInt(30), 1, 40).toArray());
            }
            int[][] seen = lengths.stream().map(each -> new int[each.length]).toArray(int[][]::new);
            for (List<CandidateSplit.Part> pass : CandidateSplit.of(lengths, 1 + random.nextInt(4), 100)) {
                assertThat(pass).isNotEmpty();
                assertThat(padded(pass)).isLessThanOrEqualTo(100);
                for (CandidateSplit.Part part : pass) {
                    for (int at = part.from(); at < part.end(); at++) {
                        seen[part.request()][at]++;
                        assertThat(part.longest()).isGreaterThanOrEqualTo(lengths.get(part.request())[at]);
                    }
                }
            }
            assertThat(seen)
                    .isDeepEqualTo(lengths.stream()
                            .map(each -> IntStream.generate(() -> 1)
                                    .limit(each.length)
                                    .toArray())
                            .toArray(int[][]::new));
        }
    }

    @Test
    void usersWithOneCandidateEachShareTwoPassesOnTwoCores() {
        List<int[]> four = List.of(new int[] {20}, new int[] {25}, new int[] {18}, new int[] {30});
        List<List<CandidateSplit.Part>> passes = CandidateSplit.of(four, 2, 4096);
        assertThat(passes).hasSize(2).allMatch(pass -> pass.size() == 2);
        assertThat(CandidateSplit.of(List.of(new int[100]), 2, 4096))
                .as("of no tokens")
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void oneRequestIsCutInEqualShares() {
        int[] hundred = new int[100];
        Arrays.fill(hundred, 10);
        assertThat(CandidateSplit.of(List.of(hundred), 2, 4096))
                .extracting(CandidateSplitTest::padded)
                .containsExactly(500L, 500L);
        assertThat(CandidateSplit.of(List.of(hundred), 2, 300)).hasSize(4).allMatch(pass -> padded(pass) == 250);
        assertThat(CandidateSplit.of(List.of(new int[] {500}, new int[] {5}), 2, 100))
                .as("a candidate that is too long goes alone")
                .hasSize(2);
    }

    /** The longest title of a hundred would else make rows of padding for all of them. */
    @Test
    void candidatesOfLikeLengthArePaddedTogether() {
        int[] lengths = IntStream.range(0, 100).map(at -> 10 + at / 2).toArray(); // 10 to 59, ascending
        for (List<CandidateSplit.Part> pass : CandidateSplit.of(List.of(lengths), 2, 4096)) {
            long tokens = pass.stream().mapToLong(CandidateSplit.Part::tokens).sum();
            assertThat(padded(pass)).isLessThanOrEqualTo(tokens * 9 / 8 + 64);
            assertThat(pass).hasSizeLessThanOrEqualTo(8);
        }
        assertThat(CandidateSplit.of(List.of(new int[] {5, 9, 30, 31}), 1, 4096))
                .as("a few rows of padding are cheaper than another part")
                .allMatch(pass -> pass.size() == 1);
    }
}
