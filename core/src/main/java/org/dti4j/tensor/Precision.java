package org.dti4j.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element type of weights and activations. Adapters, their gradients and the optimiser are float32 always. */
public enum Precision {
    FLOAT32(ScalarType.Float, 4),
    BFLOAT16(ScalarType.BFloat16, 2);

    private final ScalarType type;
    private final int bytes;

    Precision(ScalarType type, int bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    public ScalarType type() {
        return type;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
