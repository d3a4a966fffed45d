package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Keys and values of the prefix as one kind of query sees them, or sums of their gradients in float32.
 *
 * @param k [KV, P, E]
 * @param v [KV, P, E]
 */
record Prefix(Tensor k, Tensor v) {
    /** From rows [P, KV, E]. */
    static Prefix ofRows(Tensor k, Tensor v) {
        return new Prefix(k.transpose(0, 1).contiguous(), v.transpose(0, 1).contiguous());
    }

    /** Sums of gradients, zero as yet. */
    Prefix zeros() {
        return new Prefix(torch.zeros_like(k.to(ScalarType.Float)), torch.zeros_like(v.to(ScalarType.Float)));
    }

    long rows() {
        return k.size(1);
    }
}
