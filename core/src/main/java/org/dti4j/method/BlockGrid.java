package org.dti4j.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The geometry of windowed attention: queries in B blocks of at most M, and for each block the few neighbouring chunks of C stream
 * rows that its queries can see. So the cost is linear in the stream, with one matrix product for all blocks. Integers only.
 */
public final class BlockGrid {
    /** Stands where a block has fewer queries or chunks than the widest. */
    public static final int NONE = -1;

    private final int chunk;
    private final int blocks;
    private final int queriesPerBlock;
    private final int chunksPerBlock;
    private final int[] queryRows;
    private final int[] keyChunks;
    private final int[] slots;

    private BlockGrid(int chunk, List<int[]> queries, int[] lastChunk, int chunksPerBlock) {
        this.chunk = chunk;
        this.blocks = queries.size();
        this.chunksPerBlock = chunksPerBlock;
        this.queriesPerBlock =
                queries.stream().mapToInt(rows -> rows.length).max().orElse(0);
        queryRows = new int[blocks * queriesPerBlock];
        Arrays.fill(queryRows, NONE);
        keyChunks = new int[blocks * chunksPerBlock];
        slots = new int[queries.stream().mapToInt(rows -> rows.length).sum()];
        int query = 0;
        for (int block = 0; block < blocks; block++) {
            int[] rows = queries.get(block);
            for (int i = 0; i < rows.length; i++) {
                queryRows[block * queriesPerBlock + i] = rows[i];
                slots[query++] = block * queriesPerBlock + i;
            }
            for (int i = 0; i < chunksPerBlock; i++) {
                keyChunks[block * chunksPerBlock + i] = Math.max(NONE, lastChunk[block] - chunksPerBlock + 1 + i);
            }
        }
    }

    /** The blocks of all stream rows: block b holds the rows of chunk b. */
    public static BlockGrid ofStream(Layout layout, int chunk) {
        List<int[]> queries = new ArrayList<>();
        int reach = 1;
        int[] lastChunk = new int[(layout.streamRows() + chunk - 1) / chunk];
        for (int start = 0; start < layout.streamRows(); start += chunk) {
            int[] rows = new int[Math.min(chunk, layout.streamRows() - start)];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = layout.prefixRows() + start + i;
                reach = Math.max(reach, start / chunk - layout.seesFrom(rows[i]) / chunk + 1);
            }
            lastChunk[queries.size()] = start / chunk;
            queries.add(rows);
        }
        return new BlockGrid(chunk, queries, lastChunk, reach);
    }

    /** The blocks of all [SUM]s: a block holds those whose last visible row lies in the same chunk. */
    public static BlockGrid ofSums(Layout layout, int chunk) {
        List<int[]> queries = new ArrayList<>();
        int[] sums = layout.sumRows();
        int[] lastChunk = new int[sums.length];
        int reach = 1;
        int from = 0;
        for (int i = 0; i < sums.length; i++) {
            int last = lastChunk(layout, sums[i], chunk);
            reach = Math.max(reach, last - layout.seesFrom(sums[i]) / chunk + 1);
            if (i + 1 == sums.length || lastChunk(layout, sums[i + 1], chunk) != last) {
                lastChunk[queries.size()] = last;
                queries.add(Arrays.copyOfRange(sums, from, i + 1));
                from = i + 1;
            }
        }
        return new BlockGrid(chunk, queries, lastChunk, reach);
    }

    private static int lastChunk(Layout layout, int row, int chunk) {
        return Math.max(layout.seesFrom(row), layout.seesTo(row) - 1) / chunk;
    }

    /** B. */
    public int blocks() {
        return blocks;
    }

    /** M. */
    public int queriesPerBlock() {
        return queriesPerBlock;
    }

    /** C, stream rows of a chunk. */
    public int chunk() {
        return chunk;
    }

    public int chunksPerBlock() {
        return chunksPerBlock;
    }

    /** Keys of a block. */
    public int keysPerBlock() {
        return chunksPerBlock * chunk;
    }

    /** [B · M] the layout row of each query, or {@link #NONE}. */
    public int[] queryRows() {
        return queryRows.clone();
    }

    /** [B · chunks per block] the chunk of stream rows, or {@link #NONE}. */
    public int[] keyChunks() {
        return keyChunks.clone();
    }

    /** For each query in the order of the layout, its place in {@link #queryRows}. */
    public int[] slots() {
        return slots.clone();
    }

    /** [B · keys per block] the stream row of each key, or {@link #NONE}. */
    public int[] keyRows(int streamRows) {
        int[] rows = new int[blocks * keysPerBlock()];
        for (int i = 0; i < rows.length; i++) {
            int keyChunk = keyChunks[i / chunk];
            int row = keyChunk * chunk + i % chunk;
            rows[i] = keyChunk == NONE || row >= streamRows ? NONE : row;
        }
        return rows;
    }
}
