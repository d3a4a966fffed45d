package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Windows;

/**
 * Keys (or values) as the blocks of a layout read them. The rows of one key-value head after another lie in one array, with as much padding
 * before the first as a block looks back, so that the W keys of block b of head h are W consecutive rows, and all windows together are one
 * view of it: nothing is copied. What a window reads of the head before, the mask hides.
 *
 * @param heads KV
 */
record KeyWindows(Windows windows, int heads) {
    /** From [R, KV, E] to the array [lookback + KV · B · M, E]. */
    Tensor pack(Tensor rows) {
        Tensor array = rows.new_empty(length(), rows.size(2));
        array.narrow(0, 0, windows.lookback()).zero_();
        Tensor byHead = array.narrow(0, windows.lookback(), heads * padded()).view(heads, padded(), rows.size(2));
        byHead.narrow(1, 0, windows.rows()).copy_(rows.transpose(0, 1));
        byHead.narrow(1, windows.rows(), padded() - windows.rows()).zero_();
        return array;
    }

    /** The keys of {@code count} blocks, counted over all heads, [count, W, E]: a view of the array. */
    Tensor of(Tensor array, long first, long count) {
        long block = windows.block();
        long width = array.size(1);
        return array.narrow(0, first * block, windows.lookback() + count * block)
                .as_strided(new long[] {count, windows.keys(), width}, block * width, width, 1);
    }

    /** A sum of gradients of such an array, zero as yet. */
    Tensor zeros(Tensor like, long width) {
        return like.new_zeros(length() + windows.block(), width);
    }

    /**
     * Adds gradients of windows, which overlap: M keys of all of them at a time.
     *
     * @param sum made by {@link #zeros}
     * @param gradient [count, W, E]
     */
    void add(Tensor sum, Tensor gradient, long first) {
        long block = windows.block();
        long count = gradient.size(0);
        for (long key = 0; key < windows.keys(); key += block) {
            long length = Math.min(block, windows.keys() - key);
            sum.narrow(0, first * block + key, count * block)
                    .unflatten(0, count, block)
                    .narrow(1, 0, length)
                    .add_(gradient.narrow(1, key, length));
        }
    }

    /** From an array, or a sum of its gradients, to the rows, [R, KV, E]. */
    Tensor unpack(Tensor array) {
        return array.narrow(0, windows.lookback(), heads * padded())
                .view(heads, padded(), array.size(1))
                .narrow(1, 0, windows.rows())
                .transpose(0, 1);
    }

    private long padded() {
        return (long) windows.blocks() * windows.block();
    }

    private long length() {
        return windows.lookback() + heads * padded();
    }
}
