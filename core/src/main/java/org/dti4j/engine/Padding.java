package org.dti4j.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sequences of unlike length are padded to the longest of those that are computed together: when that costs more than another part does. */
public final class Padding {
    /** Rows of padding that are cheaper than the operations of another part. */
    private static final int CHEAP = 64;

    /** Beyond that, padding may be an eighth of what is needed. */
    private static final int TOKENS_PER_ROW = 8;

    private Padding() {}

    /**
     * Whether a part should have ended before.
     *
     * @param rows of the part, padding included
     * @param tokens of the part
     */
    public static boolean wastes(long rows, long tokens) {
        return rows - tokens > Math.max(CHEAP, tokens / TOKENS_PER_ROW);
    }

    /** Places of sequences, the shortest first; equally long ones in their order. */
    public static List<Integer> shortestFirst(int[] lengths) {
        return IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(place -> lengths[place]))
                .toList();
    }

    /** Places of sequences in parts of like length, the shortest first. */
    static List<List<Integer>> parts(int[] lengths) {
        List<List<Integer>> parts = new ArrayList<>();
        List<Integer> part = new ArrayList<>();
        long tokens = 0;
        for (int place : shortestFirst(lengths)) {
            if (wastes((part.size() + 1L) * lengths[place], tokens + lengths[place])) {
                parts.add(part);
                part = new ArrayList<>();
                tokens = 0;
            }
            part.add(place);
            tokens += lengths[place];
        }
        parts.add(part);
        return parts;
    }
}
