package org.dti4j.engine;

import java.util.Arrays;
import org.dti4j.method.Layout;
import org.dti4j.method.Windows;

/** Which keys the queries of each block see, and how far those are: arrays of B blocks, M queries each, over P prefix keys and W of a window. */
final class Masks {
    /** Not -infinity: a row of padding that sees nothing must stay finite. */
    static final float NOT_SEEN = -1e30f;

    private Masks() {}

    /** The rows of prefix and stream in blocks: [B · M], {@link Windows#NONE} after the last. */
    static int[] streamRows(Windows windows) {
        int[] rows = new int[windows.blocks() * windows.block()];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = row < windows.rows() ? row : Windows.NONE;
        }
        return rows;
    }

    /** [B, M, P + W]: 0 where seen, else {@link #NOT_SEEN}. */
    static float[] additive(Layout layout, Windows windows, int[] queries, int perBlock) {
        int prefix = layout.prefixRows();
        int width = prefix + windows.keys();
        float[] mask = new float[queries.length * width];
        Arrays.fill(mask, NOT_SEEN);
        for (int i = 0; i < queries.length; i++) {
            int row = queries[i];
            if (row != Windows.NONE) {
                int start = i * width;
                if (windows.readsPrefix(row)) {
                    Arrays.fill(mask, start, start + prefix, 0);
                }
                int first = start + prefix - windows.firstKey(i / perBlock);
                Arrays.fill(mask, first + windows.from(row), first + windows.to(row), 0);
            }
        }
        return mask;
    }

    /** [B, M, P + W]: stream-token distance of each key that is seen, and the fixed one to the prefix (section 3). */
    static float[] distances(Layout layout, Windows windows, int[] queries, int perBlock) {
        int prefix = layout.prefixRows();
        int width = prefix + windows.keys();
        float[] distances = new float[queries.length * width];
        float toPrefix = (float) layout.method().alibiPrefixDistance();
        for (int i = 0; i < queries.length; i++) {
            int row = queries[i];
            Arrays.fill(distances, i * width, i * width + prefix, toPrefix);
            for (int key = seenFrom(windows, row); key < seenTo(windows, row); key++) {
                distances[i * width + prefix + key - windows.firstKey(i / perBlock)] =
                        Math.max(0, layout.position(row) - layout.position(key));
            }
        }
        return distances;
    }

    /** [B, M, W]: alpha(d) of each key that is seen (section 4). */
    static float[] resetRatios(Layout layout, Windows windows, int[] queries, int perBlock) {
        int width = windows.keys();
        float[] ratios = new float[queries.length * width];
        for (int i = 0; i < queries.length; i++) {
            int row = queries[i];
            for (int key = seenFrom(windows, row); key < seenTo(windows, row); key++) {
                ratios[i * width + key - windows.firstKey(i / perBlock)] =
                        (float) layout.method().resetRatio(layout.interaction(row) - layout.interaction(key));
            }
        }
        return ratios;
    }

    private static int seenFrom(Windows windows, int row) {
        return row == Windows.NONE ? 0 : windows.from(row);
    }

    private static int seenTo(Windows windows, int row) {
        return row == Windows.NONE ? 0 : windows.to(row);
    }
}
