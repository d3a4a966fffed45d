package org.dti4j.baseline;

import org.bytedeco.pytorch.Tensor;

/** A click model: the log-odds of every target. */
sealed interface Network permits LogisticRegression, CollaborativeFilter, Din, DcnV2, Sim, SasRec {
    /** [N], before the sigmoid. */
    Tensor logits(Examples examples);
}
