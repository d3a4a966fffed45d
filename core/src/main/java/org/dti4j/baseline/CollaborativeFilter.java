package org.dti4j.baseline;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.baseline.Layers.Linear;
import org.dti4j.tensor.Placement;

/** Log-odds linear in what the item is like, what the user is like, and which items go together ({@link ItemPairs}). */
record CollaborativeFilter(Linear linear) implements Network {
    private static final int INPUTS = 1 + Examples.PAIRS;

    static CollaborativeFilter of(Parameters parameters) {
        return new CollaborativeFilter(Linear.of(parameters, "linear", 1, INPUTS));
    }

    @Override
    public Tensor logits(Examples examples) {
        float[] inputs = new float[examples.count() * INPUTS];
        for (int row = 0; row < examples.count(); row++) {
            inputs[row * INPUTS] = examples.features()[row * Examples.FEATURES + Examples.ITEM];
            System.arraycopy(examples.pairs(), row * Examples.PAIRS, inputs, row * INPUTS + 1, Examples.PAIRS);
        }
        return linear.of(Placement.CPU_FLOAT32.floats(inputs, examples.count(), INPUTS))
                .squeeze(-1);
    }
}
