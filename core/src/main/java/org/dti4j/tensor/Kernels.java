package org.dti4j.tensor;

import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;

/** Operations of libtorch that JavaCPP does not map, reached through TorchScript. */
public final class Kernels {
    private static final String SOURCE = """
            def softmax_backward(gradient: Tensor, share: Tensor) -> Tensor:
                return torch._softmax_backward_data(gradient, share, -1, share.dtype)
            """;

    private static final TorchScript SCRIPT = TorchScript.compile(SOURCE);
    private static final Function SOFTMAX_BACKWARD = SCRIPT.function("softmax_backward");

    private Kernels() {}

    /**
     * p (dp - Σ p dp) along the last dimension.
     *
     * @param gradient dp, contiguous
     * @param share p, what softmax gave
     */
    public static Tensor softmaxBackward(Tensor gradient, Tensor share) {
        return SOFTMAX_BACKWARD
                .apply(new IValueVector(new IValue(gradient), new IValue(share)))
                .toTensor();
    }
}
