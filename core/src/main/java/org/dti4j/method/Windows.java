package org.dti4j.method;

import java.util.Arrays;

/**
 * The geometry of windowed attention. The R = P + T rows that can be keys, prefix and stream, are cut into B blocks of M queries; the
 * queries of block b read the W keys b · M - lookback … (b + 1) · M - 1. So the cost is linear in the stream, and the windows of all blocks
 * are views of one array, each M rows further. A [SUM] stands in the block of the last row that it reads. Integers only.
 */
public final class Windows {
    /** Stands where a block has fewer [SUM]s than another. */
    public static final int NONE = -1;

    private final Layout layout;
    private final int rows;
    private final int block;
    private final int lookback;
    private final int sumsPerBlock;
    private final int[] sumSlots;

    private Windows(Layout layout, int block, boolean ofSums) {
        this.layout = layout;
        this.block = block;
        rows = layout.prefixRows() + layout.streamRows();
        lookback = ofSums ? reachOfSums() : reachOfRows();
        int[] inBlock = new int[blocks()];
        int[] sums = layout.sumRows();
        for (int sum : sums) {
            inBlock[blockOfSum(sum)]++;
        }
        sumsPerBlock = Arrays.stream(inBlock).max().orElse(0);
        sumSlots = new int[sums.length];
        Arrays.fill(inBlock, 0);
        for (int i = 0; i < sums.length; i++) {
            int at = blockOfSum(sums[i]);
            sumSlots[i] = at * sumsPerBlock + inBlock[at]++;
        }
    }

    /**
     * Windows as wide as prefix and stream rows need.
     *
     * @param block M, at least 1
     */
    public static Windows ofStream(Layout layout, int block) {
        return new Windows(layout, block, false);
    }

    /**
     * Windows as wide as [SUM]s need, which are few: larger blocks suit them.
     *
     * @param block M, at least 1
     */
    public static Windows ofSums(Layout layout, int block) {
        return new Windows(layout, block, true);
    }

    private int reachOfRows() {
        int reach = 0;
        for (int row = 0; row < rows; row++) {
            reach = Math.max(reach, row / block * block - from(row));
        }
        return reach;
    }

    private int reachOfSums() {
        int reach = 0;
        for (int sum : layout.sumRows()) {
            reach = Math.max(reach, blockOfSum(sum) * block - from(sum));
        }
        return reach;
    }

    private int blockOfSum(int sum) {
        return Math.max(from(sum), to(sum) - 1) / block;
    }

    /** R, the rows that keys are taken from. */
    public int rows() {
        return rows;
    }

    /** B. */
    public int blocks() {
        return (rows + block - 1) / block;
    }

    /** M. */
    public int block() {
        return block;
    }

    /** How many keys a block reads before its own rows. */
    public int lookback() {
        return lookback;
    }

    /** W. */
    public int keys() {
        return lookback + block;
    }

    /** The first key of a block: a row, or negative, where the block reads padding before the first row. */
    public int firstKey(int ofBlock) {
        return ofBlock * block - lookback;
    }

    /** The most [SUM]s of a block. */
    public int sumsPerBlock() {
        return sumsPerBlock;
    }

    /** For each target, the place of its [SUM] among B · {@link #sumsPerBlock}. */
    public int[] sumSlots() {
        return sumSlots.clone();
    }

    /** [B · sums per block] the layout row of each [SUM], or {@link #NONE}. */
    public int[] sumRows() {
        int[] all = new int[blocks() * sumsPerBlock];
        Arrays.fill(all, NONE);
        int[] sums = layout.sumRows();
        for (int i = 0; i < sums.length; i++) {
            all[sumSlots[i]] = sums[i];
        }
        return all;
    }

    /** The first row that a row reads through its window; a row of the prefix reads the prefix so. */
    public int from(int row) {
        return row < layout.prefixRows() ? 0 : layout.prefixRows() + layout.seesFrom(row);
    }

    /** The row after the last that a row reads through its window. */
    public int to(int row) {
        return row < layout.prefixRows() ? row + 1 : layout.prefixRows() + layout.seesTo(row);
    }

    /** Whether a row reads the prefix besides its window. */
    public boolean readsPrefix(int row) {
        return row >= layout.prefixRows() && layout.seesPrefix(row);
    }
}
