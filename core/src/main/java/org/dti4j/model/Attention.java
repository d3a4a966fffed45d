package org.dti4j.model;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Attention over the rows of one layout, the same object in every layer (docs/method.md sections 3 and 4). */
public interface Attention {
    /**
     * @param q [N, H, E], not yet rotated
     * @param k [N, KV, E], not yet rotated
     * @param v [N, KV, E]
     * @param initial keys and values of the rows' input embeddings, in this layer; null unless {@link #readsInitialStates()}
     * @return [N, H · E]
     */
    Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Initial initial);

    /**
     * The same for the [SUM]s alone: all that the last layer needs.
     *
     * @param q [S, H, E], the queries of the layout's [SUM]s in the order of its targets, not yet rotated
     * @return [S, H · E]
     */
    Tensor attendSums(Tensor q, Tensor k, Tensor v, @Nullable Initial initial);

    /** Whether {@link #attend} wants the initial keys and values (the hidden-state reset). */
    boolean readsInitialStates();

    /**
     * Keys and values of the input embeddings: k⁰, v⁰.
     *
     * @param k [N, KV, E], not rotated
     * @param v [N, KV, E]
     */
    record Initial(Tensor k, Tensor v) {}
}
