package org.dti4j.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Input embeddings of a layout, each distinct token id once: what is computed from an id alone, such as the initial keys and values of
 * docs/method.md section 4, is computed U times and not N times.
 *
 * @param distinct [U, D]
 * @param index [N], the distinct id of each row
 */
record Embedded(Tensor distinct, Tensor index) {
    /** [N, D]. */
    Tensor rows() {
        return rowsOf(distinct);
    }

    /** From [U, x] to [N, x]. */
    Tensor rowsOf(Tensor ofDistinct) {
        return torch.embedding(ofDistinct, index);
    }
}
