package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;

final class AdamWTest {
    private static final double DECAY = 0.1;
    private static final double BETA2 = 0.999;

    /** The published algorithm for one element, in double precision. */
    private static final class Element {
        private double value;
        private double first;
        private double second;

        Element(double value) {
            this.value = value;
        }

        void step(int step, double gradient, double rate, double decay, double beta2) {
            value -= rate * decay * value;
            first = 0.9 * first + 0.1 * gradient;
            second = beta2 * second + (1 - beta2) * gradient * gradient;
            double mean = first / (1 - Math.pow(0.9, step));
            double root = Math.sqrt(second / (1 - Math.pow(beta2, step)));
            value -= rate * mean / (root + 1e-8);
        }
    }

    private static Tensor parameter(Scope scope, int size, long... shape) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) start(i);
        }
        Tensor tensor = scope.own(Placement.CPU_FLOAT32.floats(values, shape));
        tensor.set_requires_grad(true);
        return tensor;
    }

    private static double start(int i) {
        return (float) Math.sin(i + 1);
    }

    private static float gradient(int i, int step) {
        return (float) (Math.cos(0.7 * i + 0.3 * step) * (1 + i % 3));
    }

    private static double rate(int step) {
        return 0.01 * (1 + step % 5);
    }

    private static void setGradient(Tensor parameter, int size, int step, long... shape) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = gradient(i, step);
        }
        try (Scope scope = Scope.open()) {
            parameter.mutable_grad().put(Placement.CPU_FLOAT32.floats(values, shape));
        }
    }

    private static float[] train(double beta2, int size, int steps, String name, long... shape) {
        try (Scope scope = Scope.open();
                Tensor parameter = parameter(scope, size, shape)) {
            SortedMap<String, Tensor> parameters = new TreeMap<>();
            parameters.put(name, parameter);
            try (AdamW optimiser = new AdamW(parameters, DECAY, beta2)) {
                for (int step = 1; step <= steps; step++) {
                    setGradient(parameter, size, step, shape);
                    optimiser.step(rate(step));
                }
                assertThat(optimiser.steps()).isEqualTo(steps);
            }
            return Tensors.toFloats(parameter);
        }
    }

    private static void expect(float[] found, int steps, double decay, double beta2) {
        for (int i = 0; i < found.length; i++) {
            Element element = new Element(start(i));
            for (int step = 1; step <= steps; step++) {
                element.step(step, gradient(i, step), rate(step), decay, beta2);
            }
            assertThat((double) found[i]).as("element %d", i).isCloseTo(element.value, within(2e-6));
        }
    }

    @Test
    void equalsThePublishedAlgorithmInDoublePrecisionOverFiftySteps() {
        expect(train(BETA2, 33, 50, "layers.0.weight", 11, 3), 50, DECAY, BETA2);
    }

    @Test
    void forgetsSquaredGradientsAsFastAsItIsTold() {
        expect(train(0.98, 33, 50, "layers.0.weight", 11, 3), 50, DECAY, 0.98);
    }

    @Test
    void equalsPyTorchOverFiftySteps() {
        // torch.optim.AdamW (2.15) on the same start, gradients and rates
        float[] found = train(BETA2, 8, 50, "layers.0.weight", 4, 2);
        double[] pytorch = {
            0.62007445, 0.84394836, 0.39818564, -0.40655664, -0.66127157, -0.21367523, 0.38377458, 0.58343250
        };
        for (int i = 0; i < pytorch.length; i++) {
            assertThat((double) found[i]).isCloseTo(pytorch[i], within(2e-6));
        }
    }

    @Test
    void leavesVectorsAndEmbeddingsUndecayed() {
        expect(train(BETA2, 5, 20, "layers.0.bias", 5), 20, 0, BETA2);
        expect(train(BETA2, 5, 20, "sum", 1, 5), 20, 0, BETA2);
        expect(train(BETA2, 6, 20, "model.embed_tokens.weight", 3, 2), 20, 0, BETA2);
    }

    @Test
    void decaysEachParameterOfAMixtureByItsKind() {
        try (Scope scope = Scope.open();
                Tensor matrix = parameter(scope, 6, 3, 2);
                Tensor vector = parameter(scope, 6, 6)) {
            SortedMap<String, Tensor> parameters = new TreeMap<>();
            parameters.put("a.norm", vector);
            parameters.put("b.weight", matrix);
            try (AdamW optimiser = new AdamW(parameters, DECAY, BETA2)) {
                for (int step = 1; step <= 10; step++) {
                    setGradient(matrix, 6, step, 3, 2);
                    setGradient(vector, 6, step, 6);
                    optimiser.step(rate(step));
                }
            }
            expect(Tensors.toFloats(matrix), 10, DECAY, BETA2);
            expect(Tensors.toFloats(vector), 10, 0, BETA2);
        }
    }
}
