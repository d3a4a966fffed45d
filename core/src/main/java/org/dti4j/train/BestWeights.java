package org.dti4j.train;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** A copy of the parameters as they were at the best validation. It costs their memory once more, from the first one on. */
final class BestWeights implements AutoCloseable {
    private final SortedMap<String, Tensor> parameters;
    private final SortedMap<String, Tensor> copies = new TreeMap<>();
    private @Nullable IValue from;
    private @Nullable IValue to;

    BestWeights(SortedMap<String, Tensor> parameters) {
        this.parameters = parameters;
    }

    /** Copies the parameters as they are now. */
    void remember() {
        allocate();
        if (from != null && to != null) {
            TensorLists.copy(from, to);
        }
    }

    /** Puts the copies back into the parameters; nothing happens when there are none. */
    void restore() {
        if (from != null && to != null) {
            TensorLists.copy(to, from);
        }
    }

    /** The copies by parameter name, for a caller that fills them from a file or writes them to one. */
    SortedMap<String, Tensor> copies() {
        allocate();
        return copies;
    }

    private void allocate() {
        if (from == null) {
            try (Scope scope = Scope.open()) {
                parameters.forEach((name, tensor) -> {
                    Tensor copy = scope.own(torch.zeros_like(tensor));
                    copies.put(name, copy);
                });
                from = scope.own(TensorLists.of(parameters.values()));
                to = scope.own(TensorLists.of(copies.values()));
            }
        }
    }

    @Override
    public void close() {
        if (from != null && to != null) {
            from.close();
            to.close();
        }
        copies.values().forEach(Tensor::close);
    }
}
