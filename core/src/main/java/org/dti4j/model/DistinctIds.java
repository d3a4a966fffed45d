package org.dti4j.model;

import java.util.Arrays;

/** The distinct token ids of a layout in ascending order, and where each row's stands among them. */
final class DistinctIds {
    private final int[] ids;
    private final int[] index;

    private DistinctIds(int[] ids, int[] index) {
        this.ids = ids;
        this.index = index;
    }

    static DistinctIds of(int[] rows) {
        int[] ids = Arrays.stream(rows).distinct().sorted().toArray();
        return new DistinctIds(
                ids, Arrays.stream(rows).map(id -> Arrays.binarySearch(ids, id)).toArray());
    }

    int size() {
        return ids.length;
    }

    int[] ids() {
        return ids;
    }

    /** For each row, the place of its id in {@link #ids}. */
    int[] index() {
        return index;
    }

    /** Where an id stands, negative if it does not occur. */
    int place(int id) {
        return Arrays.binarySearch(ids, id);
    }
}
