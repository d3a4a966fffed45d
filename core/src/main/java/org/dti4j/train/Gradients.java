package org.dti4j.train;

import java.util.SortedMap;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Scope;

/**
 * The gradients of all parameters, taken as one long vector. They are allocated once and zeroed in place: the memory stays flat, and a
 * parameter that a step does not reach has gradient 0 rather than none.
 */
final class Gradients implements AutoCloseable {
    private final IValue parameters;

    Gradients(SortedMap<String, Tensor> parameters) {
        try (Scope scope = Scope.open()) {
            for (Tensor parameter : parameters.values()) {
                if (!parameter.grad().defined()) {
                    parameter.mutable_grad().put(torch.zeros_like(parameter));
                }
            }
            this.parameters = scope.own(TensorLists.of(parameters.values()));
        }
    }

    void zero() {
        try (Scope scope = Scope.open()) {
            TensorLists.zero(TensorLists.gradients(parameters));
        }
    }

    /** The Euclidean norm over all parameters; not finite if any element is not. */
    double norm() {
        try (Scope scope = Scope.open()) {
            return TensorLists.norm(TensorLists.gradients(parameters));
        }
    }

    /**
     * Scales all gradients by one factor so that their norm is at most {@code largest}.
     *
     * @param norm what {@link #norm()} returned
     * @param largest the bound; 0 for none
     */
    void clip(double norm, double largest) {
        if (largest > 0 && norm > largest) {
            try (Scope scope = Scope.open()) {
                TensorLists.scale(TensorLists.gradients(parameters), largest / norm);
            }
        }
    }

    @Override
    public void close() {
        parameters.close();
    }
}
