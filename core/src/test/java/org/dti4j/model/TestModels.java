package org.dti4j.model;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Layout;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** Small models, and what tests ask of them. */
public final class TestModels {
    public static final LlamaConfig TINY =
            new LlamaConfig(60, 32, 48, 3, 4, 2, 8, 1e-6, 10000, null, false, false, true);

    /** Biases on q, k and v. */
    public static final LlamaConfig QWEN2_LIKE =
            new LlamaConfig(60, 24, 40, 3, 6, 2, 4, 1e-6, 1e6, null, true, false, true);

    /** Queries and keys normalised per head, heads wider than the model, an output head of its own. */
    public static final LlamaConfig QWEN3_LIKE =
            new LlamaConfig(60, 32, 48, 3, 4, 1, 16, 1e-6, 1e6, null, false, true, false);

    /** One shape of each kind. */
    public static final List<LlamaConfig> SHAPES = List.of(TINY, QWEN2_LIKE, QWEN3_LIKE);

    private TestModels() {}

    /** The same shape with another number of layers. */
    public static LlamaConfig withLayers(LlamaConfig shape, int layers) {
        return new LlamaConfig(
                shape.vocabulary(),
                shape.width(),
                shape.innerWidth(),
                layers,
                shape.heads(),
                shape.keyValueHeads(),
                shape.headWidth(),
                shape.normEpsilon(),
                shape.ropeTheta(),
                shape.ropeScaling(),
                shape.attentionBias(),
                shape.headNorm(),
                shape.tiedHead());
    }

    /** A random model, all of whose weights are frozen. */
    public static Llama frozen(LlamaConfig config) {
        return Llama.load(new NoisyWeights(config, 7), Placement.CPU_FLOAT32, LinearMap.Factory.PLAIN);
    }

    /** A random model of which all weights require a gradient. */
    public static Llama trainable(LlamaConfig config) {
        Llama model = Llama.load(new NoisyWeights(config, 7), Placement.CPU_FLOAT32, LinearMap.Factory.PLAIN);
        model.weights().values().forEach(weight -> weight.set_requires_grad(true));
        return model;
    }

    /** Logits [S · V] of a layout, by the definition. */
    public static float[] logits(Llama model, Layout layout) {
        try (Scope scope = Scope.open()) {
            return Tensors.toFloats(model.logits(layout));
        }
    }

    /** Logits of each target. */
    public static List<float[]> logitsByTarget(Llama model, Layout layout) {
        return rows(logits(model, layout), model.config().vocabulary());
    }

    /** The states of each row after the last layer. */
    public static List<float[]> states(Llama model, Layout layout) {
        try (Scope scope = Scope.open()) {
            return rows(Tensors.toFloats(model.hidden(layout)), model.config().width());
        }
    }

    private static List<float[]> rows(float[] values, int width) {
        return IntStream.range(0, values.length / width)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toList();
    }

    /** Gradients of half the sum of squared logits, by weight. */
    public static SortedMap<String, float[]> gradients(Llama model, Layout layout) {
        SortedMap<String, float[]> gradients = new TreeMap<>();
        try (Scope scope = Scope.open()) {
            model.logits(layout).square().sum().mul(new Scalar(0.5)).backward();
            model.weights().forEach((name, weight) -> {
                Tensor gradient = weight.grad();
                gradients.put(name, gradient.defined() ? Tensors.toFloats(gradient) : new float[0]);
                weight.mutable_grad().put(new Tensor());
            });
        }
        return gradients;
    }

    /** The largest absolute difference. */
    public static double difference(float[] one, float[] other) {
        if (one.length != other.length) {
            throw new AssertionError("lengths differ: " + one.length + ", " + other.length);
        }
        double largest = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = Math.abs(one[i] - other[i]);
            largest = difference <= largest ? largest : difference; // NaN counts as larger
        }
        return largest;
    }

    /** The largest absolute value. */
    public static double size(float[] values) {
        return difference(values, new float[values.length]);
    }

    /** Uses libtorch without a gradient. */
    public static <T> T withoutGradient(Supplier<T> work) {
        try (var guard = new NoGradGuard()) {
            return work.get();
        }
    }
}
