package org.dti4j.engine;

import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.tensor.Scope;

/**
 * RMSNorm over the last dimension (Zhang and Sennrich, arXiv 1910.07467): y = g x r with r = 1 / √(mean x² + ε), in float32 inside. On a
 * processor some rows at a time, so that what is in between stays in the cache.
 *
 * @param path names the weight
 * @param weight g, [D]
 */
record RmsNorm(String path, Tensor weight, double epsilon) {
    /** Numbers that are worked on at a time. */
    private static final long CACHED = 1 << 17;

    private static final long[] LAST = {-1};

    Tensor forward(Tensor x) {
        return forward(x, inverse(x));
    }

    /** r of x [N, ..., D], float32 [N, ..., 1]. */
    Tensor inverse(Tensor x) {
        return torch.norm(x, new ScalarOptional(new Scalar(2)), LAST, true, ScalarType.Float)
                .square_()
                .div_(new Scalar(weight.size(0)))
                .add_(new Scalar(epsilon))
                .rsqrt_();
    }

    /** @param r what {@link #inverse} gave */
    Tensor forward(Tensor x, Tensor r) {
        Tensor y = torch.empty_like(x);
        forRows(x, (from, count) -> {
            Tensor f = x.narrow(0, from, count).to(ScalarType.Float);
            y.narrow(0, from, count).copy_(f.mul(r.narrow(0, from, count)).mul_(weight));
        });
        return y;
    }

    /**
     * dx = r (g dy - x r² mean(x g dy)).
     *
     * @param x what {@link #forward} read
     * @param r what {@link #inverse} gave
     */
    Tensor backward(Tensor dy, Tensor x, Tensor r, GradientSums sums) {
        Tensor dx = torch.empty_like(x);
        forRows(x, (from, count) -> {
            Tensor f = x.narrow(0, from, count).to(ScalarType.Float);
            Tensor ofRows = r.narrow(0, from, count);
            Tensor dyOfRows = dy.narrow(0, from, count);
            if (sums.trains(path)) {
                Tensor unit = f.mul(ofRows);
                sums.add(path, dyOfRows.mul(unit).reshape(-1, weight.size(0)).sum(0));
            }
            Tensor weighted = dyOfRows.to(ScalarType.Float).mul(weight);
            Tensor mean = torch.linalg_vecdot(f, weighted)
                    .unsqueeze(-1)
                    .mul_(ofRows)
                    .mul_(ofRows)
                    .div_(new Scalar(weight.size(0)));
            dx.narrow(0, from, count)
                    .copy_(weighted.addcmul_(f, mean, new Scalar(-1.0)).mul_(ofRows));
        });
        return dx;
    }

    private static void forRows(Tensor x, BiConsumer<Long, Long> work) {
        long rows = x.size(0);
        long step = x.is_cpu() && rows > 0 ? Math.max(1, CACHED * rows / Math.max(1, x.numel())) : rows;
        for (long from = 0; from < rows; from += step) {
            try (Scope scope = Scope.open()) {
                work.accept(from, Math.min(step, rows - from));
            }
        }
    }
}
