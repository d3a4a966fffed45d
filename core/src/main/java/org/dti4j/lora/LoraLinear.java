package org.dti4j.lora;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.model.LinearMap;

/**
 * A frozen linear map and its low-rank update: W x + (alpha / r) B A x (Hu et al., LoRA, equation 3).
 *
 * @param frozen the map of the checkpoint
 * @param a A, (r, in) float32
 * @param b B, (out, r) float32
 * @param scale alpha / r
 */
record LoraLinear(LinearMap frozen, Tensor a, Tensor b, double scale) implements LinearMap {
    @Override
    public Tensor apply(Tensor x) {
        Tensor low = torch.linear(x, a.to(x.scalar_type()));
        Tensor update = torch.linear(low.mul(new Scalar(scale)), b.to(x.scalar_type()));
        return frozen.apply(x).add(update);
    }
}
