package org.dti4j.engine;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * RMSNorm over the last dimension (Zhang and Sennrich, arXiv 1910.07467): y = g x r with r = 1 / √(mean x² + ε), in float32 inside.
 *
 * @param path names the weight
 * @param weight g, [D]
 */
record RmsNorm(String path, Tensor weight, double epsilon) {
    Tensor forward(Tensor x) {
        return torch.rms_norm(x, new long[] {weight.size(0)}, new TensorOptional(weight), new DoubleOptional(epsilon));
    }

    /**
     * dx = r (g dy - x̂ mean(x̂ g dy)), with x̂ = x r.
     *
     * @param x what {@link #forward} read
     */
    Tensor backward(Tensor dy, Tensor x, GradientSums sums) {
        long[] last = {-1};
        Tensor f = x.to(ScalarType.Float);
        Tensor r = f.square().mean(last, true, null).add_(new Scalar(epsilon)).rsqrt_();
        Tensor unit = f.mul(r);
        if (sums.trains(path)) {
            sums.add(path, dy.mul(unit).reshape(-1, weight.size(0)).sum(0));
        }
        Tensor weighted = dy.mul(weight).to(ScalarType.Float);
        Tensor mean = weighted.mul(unit).mean(last, true, null);
        return weighted.addcmul(unit, mean, new Scalar(-1.0)).mul_(r).to(x.scalar_type());
    }
}
