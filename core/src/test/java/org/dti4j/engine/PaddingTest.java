package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PaddingTest {
    @Test
    void everySequenceIsInOnePartAndNoPartIsPaddedMuch() {
        int[] lengths = new Random(1).ints(200, 1, 90).toArray();
        List<List<Integer>> parts = Padding.parts(lengths);
        assertThat(parts.stream().flatMap(List::stream)).hasSize(lengths.length).doesNotHaveDuplicates();
        assertThat(parts).hasSizeBetween(3, 20);
        for (List<Integer> part : parts) {
            long tokens = part.stream().mapToLong(place -> lengths[place]).sum();
            int longest = part.stream().mapToInt(place -> lengths[place]).max().orElseThrow();
            assertThat((long) part.size() * longest - tokens).isLessThanOrEqualTo(Math.max(64, tokens / 8));
        }
    }

    @Test
    void aFewSequencesStayTogether() {
        assertThat(Padding.parts(new int[] {9, 30, 5, 31})).containsExactly(List.of(2, 0, 1, 3));
        assertThat(Padding.parts(new int[] {500})).containsExactly(List.of(0));
    }
}
