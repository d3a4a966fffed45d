package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.tensor.Tensors;

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
        return torch.embedding(distinct, index);
    }

    /** The first {@code count} rows, from [U, heads, E] to [count, heads, E]. */
    Tensor rowsOf(Tensor ofDistinct, long count) {
        return ofDistinct.index_select(0, index.narrow(0, 0, count));
    }

    /** The gradient of {@link #rows} or {@link #rowsOf}: from that of the first rows [count, …] to [U, …], summed in float32. */
    Tensor sumOf(Tensor ofRows) {
        Tensor rows = ofRows.to(ScalarType.Float);
        long[] shape = Tensors.shape(ofRows);
        shape[0] = distinct.size(0);
        return rows.new_zeros(shape)
                .index_add_(0, index.narrow(0, 0, ofRows.size(0)), rows)
                .to(ofRows.scalar_type());
    }
}
