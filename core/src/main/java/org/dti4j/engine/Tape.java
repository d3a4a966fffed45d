package org.dti4j.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass leaves for its backward pass, last in first out: the backward pass takes in exactly the opposite order. Belongs to one
 * pass of one thread.
 */
public final class Tape implements AutoCloseable {
    private final @Nullable GradientSums sums;
    private final Dropout dropout;
    private final @Nullable Workspace workspace;
    private final IntConsumer finished;
    private final Deque<Tensor> saved = new ArrayDeque<>();

    private Tape(@Nullable GradientSums sums, Dropout dropout, @Nullable Workspace workspace, IntConsumer finished) {
        this.sums = sums;
        this.dropout = dropout;
        this.workspace = workspace;
        this.finished = finished;
    }

    /** Of a pass that no backward pass follows. */
    public static Tape scoring() {
        return new Tape(null, Dropout.NONE, null, layer -> {});
    }

    /**
     * Of a pass whose gradients are added to {@code sums}.
     *
     * @param dropout what happens to the adapters' input
     * @param workspace where the pass keeps what its backward pass will want; of no other tape until this one is closed
     */
    public static Tape training(GradientSums sums, Dropout dropout, Workspace workspace) {
        return training(sums, dropout, workspace, layer -> {});
    }

    /**
     * The same.
     *
     * @param finished told the number of each layer, from the last to the first, when the pass will add no more to the gradients of its
     *     parameters
     */
    public static Tape training(GradientSums sums, Dropout dropout, Workspace workspace, IntConsumer finished) {
        return new Tape(sums, dropout, workspace, finished);
    }

    void finish(int layer) {
        finished.accept(layer);
    }

    boolean records() {
        return sums != null;
    }

    Dropout dropout() {
        return dropout;
    }

    GradientSums sums() {
        if (sums == null) {
            throw new IllegalStateException("a scoring pass has no gradients");
        }
        return sums;
    }

    /** A tensor of any content that the pass will save: its memory is the workspace's. */
    Tensor empty(Tensor like, long... shape) {
        return workspace == null ? like.new_empty(shape) : workspace.empty(like, shape);
    }

    /** Holds a tensor beyond the scope that it was made in, if a backward pass will want it. */
    void save(Tensor tensor) {
        if (records()) {
            tensor.retainReference();
            saved.push(tensor);
        }
    }

    /** Bytes of what is saved, what is saved twice counted once. */
    long bytes() {
        Map<Long, Long> byAddress = new HashMap<>();
        saved.forEach(tensor ->
                byAddress.merge(tensor.data_ptr().address(), tensor.numel() * tensor.element_size(), Math::max));
        return byAddress.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The tensor saved last, from now on the current scope's. */
    Tensor take() {
        return Scope.adopt(saved.pop());
    }

    /** Frees what no backward pass took, and the workspace for the next tape. */
    @Override
    public void close() {
        while (!saved.isEmpty()) {
            saved.pop().releaseReference();
        }
        if (workspace != null) {
            workspace.clear();
        }
    }
}
