package org.dti4j.model;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;

/**
 * Seeded random weights of any shape: norms are one, biases zero, all else normal with standard deviation 1/√in for matrices and a given
 * one for embeddings. Each tensor has a generator of its own, so a draw depends on name and seed alone.
 */
public final class RandomWeights implements Weights {
    /** Large enough for logits that tell answers apart without training. */
    private static final double EMBEDDING_DEVIATION = 0.1;

    private final LlamaConfig config;
    private final long seed;
    private final double embeddingDeviation;

    public RandomWeights(LlamaConfig config, long seed) {
        this(config, seed, EMBEDDING_DEVIATION);
    }

    /**
     * @param embeddingDeviation of embeddings, and of a head that is tied to them; what learns best may start smaller
     */
    public RandomWeights(LlamaConfig config, long seed, double embeddingDeviation) {
        this.config = config;
        this.seed = seed;
        this.embeddingDeviation = embeddingDeviation;
    }

    @Override
    public LlamaConfig config() {
        return config;
    }

    @Override
    public Set<String> names() {
        return new LinkedHashSet<>(config.weightNames());
    }

    @Override
    public Tensor read(String name, Precision precision) {
        long[] shape = config.weightShape(name);
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        float[] values = new float[Math.toIntExact(size)];
        fill(values, name, shape);
        try (Scope scope = Scope.open()) {
            return scope.keep(new Placement(precision, "cpu").reals(values, shape));
        }
    }

    private void fill(float[] values, String name, long[] shape) {
        boolean norm = shape.length == 1 && name.endsWith("weight");
        if (shape.length == 1) {
            Arrays.fill(values, norm ? 1 : 0);
            return;
        }
        boolean embedding = shape[0] == config.vocabulary();
        double deviation = embedding ? embeddingDeviation : 1 / Math.sqrt((double) shape[1]);
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
    }

    @Override
    public void close() {}
}
