package org.dti4j.engine;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Drops a share of the adapters' inputs, by random numbers of its own: what a pass draws depends on its seed alone, not on other threads. */
public final class Dropout {
    public static final Dropout NONE = new Dropout(0, null);

    private final double share;
    private final @Nullable GeneratorOptional random;

    private Dropout(double share, @Nullable GeneratorOptional random) {
        this.share = share;
        this.random = random;
    }

    /** The draws live in the enclosing scope. */
    public static Dropout of(double share, long seed) {
        if (share == 0) {
            return NONE;
        }
        Generator generator = torch.make_generator_cpu(seed);
        return new Dropout(share, new GeneratorOptional(generator));
    }

    boolean drops() {
        return random != null;
    }

    /** Factors for a tensor of the shape, type and device of {@code x}: 0, or 1 / (1 - share); drawn on the processor, wherever x is. */
    Tensor mask(Tensor x) {
        TensorOptions onProcessor = new TensorOptions(x.scalar_type());
        Tensor kept = torch.empty(Tensors.shape(x), onProcessor, null).bernoulli_(1 - share, random);
        kept.mul_(new Scalar(1 / (1 - share)));
        return x.is_cpu() ? kept : kept.to(x.device(), x.scalar_type());
    }
}
