package org.dti4j.method;

import java.util.Arrays;

/** The distinct token ids of a layout in ascending order, and where each row's stands among them. */
public final class DistinctIds {
    private final int[] ids;
    private final int[] index;

    private DistinctIds(int[] ids, int[] index) {
        this.ids = ids;
        this.index = index;
    }

    public static DistinctIds of(int[] rows) {
        int[] ids = Arrays.stream(rows).distinct().sorted().toArray();
        return new DistinctIds(
                ids, Arrays.stream(rows).map(id -> Arrays.binarySearch(ids, id)).toArray());
    }

    public int size() {
        return ids.length;
    }

    public int[] ids() {
        return ids.clone();
    }

    /** For each row, the place of its id in {@link #ids}. */
    public int[] index() {
        return index.clone();
    }

    /** Where an id stands, negative if it does not occur. */
    public int place(int id) {
        return Arrays.binarySearch(ids, id);
    }
}
