package org.dti4j.tensor;

import org.bytedeco.pytorch.Tensor;

/**
 * A tensor that one layer after the other makes anew, of which the latest alone is held: a scope would hold those of all layers to its end.
 *
 * <pre>{@code
 * try (Relay x = new Relay(first)) {
 *     for (Layer layer : layers) {
 *         try (Scope scope = Scope.open()) {
 *             x.next(scope, layer.forward(x.now()));
 *         }
 *     }
 *     return x.last();
 * }
 * }</pre>
 */
public final class Relay implements AutoCloseable {
    private Tensor now;
    private boolean owned;

    /** @param first stays its owner's */
    public Relay(Tensor first) {
        now = first;
    }

    public Tensor now() {
        return now;
    }

    /** Takes what a layer made in a scope, and frees what the layer before it made, unless somebody else holds it too. */
    public void next(Scope scope, Tensor made) {
        Tensor next = scope.own(made);
        close();
        now = next;
        owned = true;
    }

    /** Hands the latest to the innermost scope. */
    public Tensor last() {
        if (owned) {
            owned = false;
            Scope.adopt(now);
        }
        return now;
    }

    /** Frees the latest, unless it was handed on. */
    @Override
    public void close() {
        if (owned) {
            owned = false;
            now.close();
        }
    }
}
