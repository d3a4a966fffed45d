package org.dti4j.baseline;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;

/**
 * Log-odds linear in what the item is like, what the user is like, and which items go together ({@link ItemPairs}). It starts as their plain
 * sum, so that few targets are enough.
 *
 * @param weights [{@link #INPUTS}]
 * @param bias [1]
 */
record CollaborativeFilter(Tensor weights, Tensor bias) implements Network {
    private static final int INPUTS = 1 + Examples.PAIRS;
    /** How much log-odds change with a probability, at one half. */
    private static final float LOG_ODDS = 4;

    static CollaborativeFilter of(Parameters parameters) {
        return new CollaborativeFilter(parameters.vector("weights", INPUTS, 1), parameters.vector("bias", 1, 0));
    }

    @Override
    public Tensor logits(Examples examples) {
        float[] inputs = new float[examples.count() * INPUTS];
        for (int row = 0; row < examples.count(); row++) {
            inputs[row * INPUTS] = examples.features()[row * Examples.FEATURES + Examples.ITEM];
            for (int i = 0; i < Examples.PAIRS; i++) {
                inputs[row * INPUTS + 1 + i] = LOG_ODDS * examples.pairs()[row * Examples.PAIRS + i];
            }
        }
        return Placement.CPU_FLOAT32
                .floats(inputs, examples.count(), INPUTS)
                .matmul(weights)
                .add(bias);
    }
}
