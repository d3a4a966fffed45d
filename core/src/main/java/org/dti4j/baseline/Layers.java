package org.dti4j.baseline;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The few layers that the networks are made of. */
final class Layers {
    private static final double NORM_EPSILON = 1e-5;

    private Layers() {}

    /** y = W·x + b over the last dimension. */
    record Linear(Tensor weight, Tensor bias) {
        static Linear of(Parameters parameters, String name, int outputs, int inputs) {
            return new Linear(
                    parameters.matrix(name + ".weight", outputs, inputs),
                    parameters.vector(name + ".bias", outputs, 0));
        }

        Tensor of(Tensor x) {
            return x.matmul(weight.t()).add(bias);
        }
    }

    /** Layers with PReLU between them: max(0, x) + a·min(0, x), and one number at the end. */
    record Perceptron(List<Linear> layers, List<Tensor> slopes) {
        static Perceptron of(Parameters parameters, String name, int inputs, int... hidden) {
            List<Linear> layers = new ArrayList<>();
            List<Tensor> slopes = new ArrayList<>();
            int width = inputs;
            for (int i = 0; i < hidden.length; i++) {
                layers.add(Linear.of(parameters, name + i, hidden[i], width));
                slopes.add(parameters.vector(name + i + ".slope", 1, 0.25));
                width = hidden[i];
            }
            layers.add(Linear.of(parameters, name + hidden.length, 1, width));
            return new Perceptron(layers, slopes);
        }

        /** [..., inputs] to [...]. */
        Tensor of(Tensor x) {
            Tensor state = x;
            for (int i = 0; i < slopes.size(); i++) {
                state = torch.prelu(layers.get(i).of(state), slopes.get(i));
            }
            return layers.get(slopes.size()).of(state).squeeze(-1);
        }
    }

    /** Layer normalisation over the last dimension. */
    record Norm(Tensor weight, Tensor bias) {
        static Norm of(Parameters parameters, String name, int width) {
            return new Norm(parameters.vector(name + ".weight", width, 1), parameters.vector(name + ".bias", width, 0));
        }

        Tensor of(Tensor x) {
            double width = (double) x.size(-1);
            Tensor centred = x.sub(last(x).div(new Scalar(width)));
            Tensor variance = last(centred.mul(centred)).div(new Scalar(width));
            return centred.mul(variance.add(new Scalar(NORM_EPSILON)).rsqrt())
                    .mul(weight)
                    .add(bias);
        }

        private static Tensor last(Tensor x) {
            return x.sum(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
        }
    }

    /** Sum over one dimension, which is gone then. */
    static Tensor sum(Tensor x, long dimension) {
        return x.sum(new long[] {dimension}, false, new org.bytedeco.pytorch.ScalarTypeOptional());
    }
}
