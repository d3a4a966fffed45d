package org.dti4j.prompt;

import java.util.Arrays;
import java.util.List;
import org.dti4j.data.Item;
import org.dti4j.progress.Progress;

/**
 * Every item's segment, tokenised once. All ids lie one after the other in one array, of two bytes each where the vocabulary
 * allows it, so that a million items of forty tokens need 80 MB.
 */
public final class TokenizedCatalogue {
    private final Ids ids;
    private final int[] offsets;
    private final int truncated;
    private final int unknown;

    private TokenizedCatalogue(Ids ids, int[] offsets, int truncated, int unknown) {
        this.ids = ids;
        this.offsets = offsets;
        this.truncated = truncated;
        this.unknown = unknown;
    }

    /**
     * Tokenises a catalogue.
     *
     * @param items in the order of item indices
     * @throws org.dti4j.problem.UserException when an item lacks a column that the template names
     */
    public static TokenizedCatalogue of(List<Item> items, SegmentTokenizer segments, Progress progress) {
        long truncatedBefore = segments.truncated();
        Ids ids = new Ids();
        int[] offsets = new int[items.size() + 1];
        int unknown = 0;
        try (Progress.Task task = progress.begin("tokenising items", items.size())) {
            int index = 0;
            for (Item item : items) {
                int[] segment = segments.item(item);
                ids.append(segment);
                unknown += segments.hasUnknown(segment) ? 1 : 0;
                offsets[++index] = ids.size();
                task.advance(1);
            }
        }
        int truncated = Math.toIntExact(segments.truncated() - truncatedBefore);
        return new TokenizedCatalogue(ids.compact(), offsets, truncated, unknown);
    }

    public int items() {
        return offsets.length - 1;
    }

    /** A fresh array of the item's ids. */
    public int[] item(int index) {
        return ids.range(offsets[index], offsets[index + 1]);
    }

    /** Number of the item's ids. */
    public int length(int index) {
        return offsets[index + 1] - offsets[index];
    }

    /** Number of ids of all items together. */
    public int tokens() {
        return ids.size();
    }

    /** How many items were longer than {@code prompt.maxItemTokens} and were cut. */
    public int truncated() {
        return truncated;
    }

    /** How many items have a word that the vocabulary lacks. */
    public int unknown() {
        return unknown;
    }

    /** A growing list of ids that are kept in two bytes each as long as all fit. */
    private static final class Ids {
        private static final int[] NONE = {};

        private char[] narrow = new char[1024];
        private int[] wide = NONE;
        private boolean isWide;
        private int size;

        void append(int[] added) {
            int needed = Math.addExact(size, added.length);
            if (!isWide && Arrays.stream(added).anyMatch(id -> id > Character.MAX_VALUE)) {
                widen();
            }
            ensure(needed);
            for (int id : added) {
                if (isWide) {
                    wide[size++] = id;
                } else {
                    narrow[size++] = (char) id;
                }
            }
        }

        private void widen() {
            wide = new int[narrow.length];
            for (int i = 0; i < size; i++) {
                wide[i] = narrow[i];
            }
            narrow = new char[0];
            isWide = true;
        }

        private void ensure(int needed) {
            int capacity = isWide ? wide.length : narrow.length;
            if (needed > capacity) {
                resize((int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, capacity * 3L / 2)));
            }
        }

        private void resize(int length) {
            if (isWide) {
                wide = Arrays.copyOf(wide, length);
            } else {
                narrow = Arrays.copyOf(narrow, length);
            }
        }

        Ids compact() {
            resize(size);
            return this;
        }

        int size() {
            return size;
        }

        int[] range(int from, int to) {
            if (isWide) {
                return Arrays.copyOfRange(wide, from, to);
            }
            int[] ids = new int[to - from];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = narrow[from + i];
            }
            return ids;
        }
    }
}
