package org.dti4j.baseline;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.baseline.Layers.Linear;
import org.dti4j.tensor.Placement;

/** Log-odds linear in six simple features: {@link Examples#featureNames}. */
record LogisticRegression(Linear linear) implements Network {
    static LogisticRegression of(Parameters parameters) {
        return new LogisticRegression(Linear.of(parameters, "linear", 1, Examples.FEATURES));
    }

    @Override
    public Tensor logits(Examples examples) {
        return linear.of(Placement.CPU_FLOAT32.floats(examples.features(), examples.count(), Examples.FEATURES))
                .squeeze(-1);
    }
}
