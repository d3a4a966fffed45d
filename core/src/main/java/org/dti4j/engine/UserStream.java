package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the last n interactions of one user, in every layer: what {@link Branches} reads instead of the interactions' texts.
 * It does not change; whoever made it closes it, when no thread reads it any more.
 */
public final class UserStream implements AutoCloseable {
    final int interactions;
    final int position;
    private final int[] rowInteractions;
    private final int[] rowPositions;
    private final List<KeyValue> states;
    private final List<KeyValue> initial;

    /**
     * @param interactions how many the stream has had, those included that are no longer held
     * @param position of the next token
     * @param rowInteractions [R] which interaction each row is of, ascending
     * @param rowPositions [R]
     * @param states per layer, R rows, owned
     * @param initial the same of input embeddings, for reset; none without
     */
    UserStream(
            int interactions,
            int position,
            int[] rowInteractions,
            int[] rowPositions,
            List<KeyValue> states,
            List<KeyValue> initial) {
        this.interactions = interactions;
        this.position = position;
        this.rowInteractions = rowInteractions;
        this.rowPositions = rowPositions;
        this.states = List.copyOf(states);
        this.initial = List.copyOf(initial);
    }

    /** How many interactions were appended, those included that are no longer held. */
    public int interactions() {
        return interactions;
    }

    /** Tokens held. */
    public int rows() {
        return rowInteractions.length;
    }

    int rowInteraction(int row) {
        return rowInteractions[row];
    }

    int rowPosition(int row) {
        return rowPositions[row];
    }

    KeyValue states(int layer) {
        return states.get(layer);
    }

    List<KeyValue> states() {
        return states;
    }

    /** Empty without reset. */
    List<KeyValue> initial() {
        return initial;
    }

    @Nullable
    KeyValue initial(int layer) {
        return initial.isEmpty() ? null : initial.get(layer);
    }

    /** Bytes of native memory. */
    public long bytes() {
        return tensors().stream()
                .mapToLong(tensor -> tensor.numel() * tensor.element_size())
                .sum();
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (List<KeyValue> of : List.of(states, initial)) {
            of.forEach(each -> tensors.addAll(List.of(each.k(), each.v())));
        }
        return tensors;
    }

    @Override
    public void close() {
        tensors().forEach(Tensor::close);
    }
}
