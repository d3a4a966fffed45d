package org.dti4j.train;

import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** A small network that classifies features drawn from user and interaction: enough to have a loss that can fall. */
final class ToyLearner implements Learner, AutoCloseable {
    static final int FEATURES = 6;
    private static final int HIDDEN = 4;

    private final SortedMap<String, Tensor> parameters = new TreeMap<>();
    private final boolean dropout;

    /** Tells the learner to answer NaN from this call of accumulate on; counted from 1. */
    int poisonedFrom = Integer.MAX_VALUE;

    /** Tells the learner to run out of memory in this call of accumulate; counted from 1. */
    int starvedAt = Integer.MAX_VALUE;

    int calls;

    ToyLearner(long seed) {
        this(seed, false);
    }

    ToyLearner(long seed, boolean dropout) {
        this.dropout = dropout;
        SplittableRandom random = new SplittableRandom(seed);
        add("hidden.weight", random, FEATURES, HIDDEN); // (features, hidden)
        add("hidden.bias", random, HIDDEN);
        add("output.weight", random, HIDDEN, 1); // (hidden, 1)
        add("output.bias", random, 1);
    }

    private void add(String name, SplittableRandom random, long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextDouble() - 0.5);
        }
        try (Scope scope = Scope.open()) {
            Tensor tensor = scope.own(Placement.CPU_FLOAT32.floats(values, shape));
            tensor.set_requires_grad(true);
            parameters.put(name, tensor);
        }
    }

    @Override
    public SortedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public double[] accumulate(Step step, long seed) {
        torch.manual_seed(seed);
        return step.microBatches().stream()
                .mapToDouble(batch -> accumulate(batch, step.targets()))
                .toArray();
    }

    private double accumulate(List<Stream> microBatch, int targetsInStep) {
        calls++;
        if (calls == starvedAt) {
            throw new OutOfMemoryError("as libtorch and the JVM may");
        }
        if (calls >= poisonedFrom) {
            return Double.NaN;
        }
        try (Scope scope = Scope.open()) {
            Tensor loss = loss(microBatch);
            loss.div(new Scalar((double) targetsInStep)).backward();
            return loss.item_double();
        }
    }

    /** The sum of the cross-entropies of all targets. */
    private Tensor loss(List<Stream> streams) {
        int targets = streams.stream().mapToInt(Stream::targets).sum();
        float[] features = new float[targets * FEATURES];
        float[] signs = new float[targets];
        int row = 0;
        for (Stream stream : streams) {
            for (int target = stream.firstTarget(); target < stream.end(); target++, row++) {
                fill(stream.user(), target, features, signs, row);
            }
        }
        Tensor x = Placement.CPU_FLOAT32.floats(features, targets, FEATURES);
        Tensor y = Placement.CPU_FLOAT32.floats(signs, targets, 1);
        Tensor hidden = x.matmul(parameter("hidden.weight"))
                .add(parameter("hidden.bias"))
                .tanh();
        Tensor kept = dropout ? torch.dropout(hidden, 0.5, true) : hidden;
        Tensor logit = kept.matmul(parameter("output.weight")).add(parameter("output.bias"));
        return torch.softplus(logit.mul(y).neg()).sum();
    }

    private Tensor parameter(String name) {
        Tensor tensor = parameters.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(name);
        }
        return tensor;
    }

    private static void fill(int user, int target, float[] features, float[] signs, int row) {
        SplittableRandom random = new SplittableRandom(user * 7919L + target);
        double sum = 0.2;
        for (int i = 0; i < FEATURES; i++) {
            double value = 2 * random.nextDouble() - 1;
            features[row * FEATURES + i] = (float) value;
            sum += (i % 2 == 0 ? 1.5 : -1) * value;
        }
        signs[row] = sum > 0 ? 1 : -1;
    }

    double meanLoss(List<Stream> streams) {
        try (Scope scope = Scope.open()) {
            int targets = streams.stream().mapToInt(Stream::targets).sum();
            return loss(streams).item_double() / targets;
        }
    }

    /** All weights in one array, by parameter name. */
    float[] weights() {
        return flat(false);
    }

    float[] gradients() {
        return flat(true);
    }

    private float[] flat(boolean gradients) {
        float[] all = new float[0];
        for (Tensor tensor : parameters.values()) {
            float[] values = Tensors.toFloats(gradients ? tensor.grad() : tensor);
            int old = all.length;
            all = java.util.Arrays.copyOf(all, old + values.length);
            System.arraycopy(values, 0, all, old, values.length);
        }
        return all;
    }

    @Override
    public int tokens(Stream stream) {
        return 5 * (stream.end() - stream.first());
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::close);
    }
}
