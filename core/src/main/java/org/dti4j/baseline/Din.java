package org.dti4j.baseline;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.baseline.Layers.Linear;
import org.dti4j.baseline.Layers.Perceptron;
import org.dti4j.tensor.Tensors;

/**
 * Deep Interest Network (Zhou et al., KDD 2018, arXiv 1706.06978): the context weighed by how much it has to do with the target, v = Σ a(e,
 * t)·e (Eq. 3), weights not normalised; the activation unit reads e, t, e − t and e·t, as the authors' code does. PReLU for Dice.
 */
record Din(Embeddings embeddings, Interest interest, Perceptron head) implements Network {
    /** The activation unit and the pooling, which SIM has too. */
    record Interest(Linear hidden, Linear output) {
        private static final int HIDDEN = 36;

        static Interest of(Parameters parameters, int width) {
            return new Interest(
                    Linear.of(parameters, "interest0", HIDDEN, 4 * width),
                    Linear.of(parameters, "interest1", 1, HIDDEN));
        }

        /** Of context [N, n, d], zero at padding, and targets [N, d]: [N, d]. */
        Tensor of(Tensor context, Tensor targets) {
            Tensor target = targets.unsqueeze(1).expand_as(context);
            Tensor pair = Tensors.join(-1, context, target, context.sub(target), context.mul(target));
            Tensor weights = output.of(hidden.of(pair).sigmoid());
            return Layers.sum(weights.mul(context), 1);
        }
    }

    static Din of(Parameters parameters, ItemTable table, int width) {
        return new Din(
                Embeddings.of(parameters, table, width),
                Interest.of(parameters, width),
                Perceptron.of(parameters, "head", 2 * width, 80, 40));
    }

    @Override
    public Tensor logits(Examples examples) {
        Tensor targets = embeddings.targets(examples);
        return head.of(Tensors.join(-1, interest.of(embeddings.context(examples), targets), targets));
    }
}
