package org.dti4j.lora;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Drops a share of the adapters' inputs while training; one switch for all adapters of a model. */
final class Dropout {
    private final double share;
    private boolean training;

    Dropout(double share) {
        this.share = share;
    }

    void training(boolean on) {
        training = on;
    }

    Tensor apply(Tensor x) {
        return training && share > 0 ? torch.dropout(x, share, true) : x;
    }
}
