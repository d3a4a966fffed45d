package org.dti4j.baseline;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;

/** Trained tensors by name, float32 leaves; the seed makes them, the closer frees them. */
final class Parameters implements AutoCloseable {
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final Random random;

    Parameters(long seed) {
        random = new Random(seed);
    }

    /** Rows of small random numbers. */
    Tensor embedding(String name, int rows, int width) {
        return random(name + ".embed", 0.05, rows, width);
    }

    /** Weights [outputs, inputs] of Glorot's spread. */
    Tensor matrix(String name, int outputs, int inputs) {
        return random(name, Math.sqrt(2.0 / (outputs + inputs)), outputs, inputs);
    }

    Tensor vector(String name, int length, double value) {
        float[] values = new float[length];
        Arrays.fill(values, (float) value);
        return add(name, values, length);
    }

    private Tensor random(String name, double deviation, int rows, int columns) {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return add(name, values, rows, columns);
    }

    private Tensor add(String name, float[] values, long... shape) {
        try (Scope scope = Scope.open()) {
            Tensor leaf = scope.own(
                    Placement.CPU_FLOAT32.floats(values, shape).detach().clone());
            leaf.set_requires_grad(true);
            tensors.put(name, leaf);
            return leaf;
        }
    }

    SortedMap<String, Tensor> all() {
        return Collections.unmodifiableSortedMap(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
    }
}
