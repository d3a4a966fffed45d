package org.dti4j.model;

import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** Random weights whose norms are not one and whose biases are not zero, so that a test sees them. */
final class NoisyWeights implements Weights {
    private static final float DEVIATION = 0.3f;

    private final RandomWeights random;
    private final long seed;

    NoisyWeights(LlamaConfig config, long seed) {
        this.random = new RandomWeights(config, seed);
        this.seed = seed;
    }

    @Override
    public LlamaConfig config() {
        return random.config();
    }

    @Override
    public Set<String> names() {
        return random.names();
    }

    @Override
    public Tensor read(String name, Precision precision) {
        try (Scope scope = Scope.open()) {
            Tensor drawn = random.read(name, precision);
            if (drawn.dim() > 1) {
                return scope.keep(drawn);
            }
            float[] values = Tensors.toFloats(drawn);
            SplittableRandom noise = new SplittableRandom(seed + name.hashCode());
            for (int i = 0; i < values.length; i++) {
                values[i] += DEVIATION * (float) noise.nextGaussian();
            }
            return scope.keep(new Placement(precision, "cpu").reals(values, values.length));
        }
    }

    @Override
    public void close() {
        random.close();
    }
}
