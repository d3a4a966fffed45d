package org.dti4j.checkpoint;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;

/** llama.cpp reorders the rows of q and k for its interleaved RoPE, in the architecture {@code llama}: there and back. */
final class GgufOrder {
    private GgufOrder() {}

    /** The number of heads whose rows are reordered in the weight of this name; 0 for one that is not. */
    static int heads(ModelType type, LlamaConfig config, String name) {
        if (type == ModelType.LLAMA && name.endsWith("q_proj.weight")) {
            return config.heads();
        }
        return type == ModelType.LLAMA && name.endsWith("k_proj.weight") ? config.keyValueHeads() : 0;
    }

    /** Rows that lie as (head, pair, half) in the order (head, half, pair). */
    static Tensor toHuggingFace(Tensor rows, int heads) {
        return swapped(rows, heads, rows.size(0) / heads / 2, 2);
    }

    /** Rows that lie as (head, half, pair) in the order (head, pair, half). */
    static Tensor toGguf(Tensor rows, int heads) {
        return swapped(rows, heads, 2, rows.size(0) / heads / 2);
    }

    private static Tensor swapped(Tensor rows, long heads, long outer, long inner) {
        long columns = rows.size(1);
        return rows.view(heads, outer, inner, columns)
                .transpose(1, 2)
                .contiguous()
                .view(rows.size(0), columns);
    }
}
