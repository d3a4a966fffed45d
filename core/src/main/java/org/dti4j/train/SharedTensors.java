package org.dti4j.train;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.distribute.Peers;
import org.dti4j.tensor.Tensors;

/** Sums tensors over peers, or takes them from the first of them, through one array that is kept. */
final class SharedTensors {
    private final Peers peers;
    private float[] values = {};

    SharedTensors(Peers peers) {
        this.peers = peers;
    }

    /**
     * Puts in place of each element its sum over all peers.
     *
     * @param tensors float32, in the same order and shapes at each peer
     */
    void sum(Collection<Tensor> tensors) {
        exchange(tensors, true);
    }

    /** Puts in place of each element what the first peer has there. */
    void fromFirst(Collection<Tensor> tensors) {
        exchange(tensors, peers.first());
    }

    private void exchange(Collection<Tensor> tensors, boolean contributes) {
        if (peers.size() == 1) {
            return;
        }
        List<Tensor> all = List.copyOf(tensors);
        int length = Math.toIntExact(all.stream().mapToLong(Tensor::numel).sum());
        values = values.length == length ? values : new float[length];
        if (contributes) {
            Tensors.read(all, values);
        } else {
            Arrays.fill(values, 0);
        }
        peers.sum(values);
        Tensors.write(values, all);
    }
}
