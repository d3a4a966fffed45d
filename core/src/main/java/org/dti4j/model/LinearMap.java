package org.dti4j.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One of a block's linear maps: x [N, in] to [N, out]. */
@FunctionalInterface
public interface LinearMap {
    Tensor apply(Tensor x);

    /** Makes the map of one place in the model; whoever wants adapters around it brings a factory of their own. */
    @FunctionalInterface
    interface Factory {
        /** x W^T + b. */
        Factory PLAIN = (path, weight, bias) ->
                bias == null ? x -> torch.linear(x, weight) : x -> torch.linear(x, weight, bias);

        /**
         * @param path for instance {@code model.layers.0.self_attn.q_proj}
         * @param weight [out, in]
         * @param bias [out], or null
         */
        LinearMap create(String path, Tensor weight, @Nullable Tensor bias);
    }
}
