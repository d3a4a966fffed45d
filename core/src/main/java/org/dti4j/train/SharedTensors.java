package org.dti4j.train;

import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.distribute.Peers;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** Sums tensors over peers, or takes them from the first of them: where they lie, or else through one array that is kept. */
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
        if (!contributes) {
            clear(all);
        }
        if (peers.sumInPlace(all)) {
            return;
        }
        int length = Math.toIntExact(all.stream().mapToLong(Tensor::numel).sum());
        values = values.length == length ? values : new float[length];
        Tensors.read(all, values);
        peers.sum(values);
        Tensors.write(values, all);
    }

    private static void clear(List<Tensor> tensors) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            tensors.forEach(Tensor::zero_);
        }
    }
}
