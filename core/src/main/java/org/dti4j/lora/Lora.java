package org.dti4j.lora;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LinearMap;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of one model. It is the factory of the model's linear maps, so the model is built around it and knows nothing of it;
 * it owns A and B, float32 leaves that require a gradient. Names are PEFT's without its {@code base_model.model.} prefix, for instance
 * {@code model.layers.0.self_attn.q_proj.lora_A.weight}.
 */
public final class Lora implements LinearMap.Factory, AutoCloseable {
    /** Ends the name of A. */
    public static final String A = ".lora_A.weight";

    /** Ends the name of B. */
    public static final String B = ".lora_B.weight";

    private final Source source;
    private final Placement placement;
    private final SortedMap<String, Tensor> parameters = new TreeMap<>();
    private final SortedMap<String, Double> scales = new TreeMap<>();

    private Lora(Source source, Placement placement) {
        this.source = source;
        this.placement = new Placement(Precision.FLOAT32, placement.device());
    }

    /** The adapter of one linear map before training: float32 A (r, in) and B (out, r), row by row, and alpha / r. They are copied. */
    public record Start(Tensor a, Tensor b, double scale) {}

    /**
     * The adapter of one linear map: its update is scale · B A x.
     *
     * @param a A, (r, in) float32
     * @param b B, (out, r) float32
     * @param scale alpha / r
     */
    public record Adapter(Tensor a, Tensor b, double scale) {}

    /** Where adapters start from: a random draw, or a file. */
    @FunctionalInterface
    public interface Source {
        /** The adapter of a linear map, or null if it has none. */
        @Nullable
        Start of(String path, int outputs, int inputs);
    }

    /** New adapters: A uniform in ±1/√in as PEFT draws it, B zero, so that the model starts as the checkpoint is. */
    public static Lora fresh(AdapterConfig config, long seed, Placement placement) {
        Set<String> modules = Set.copyOf(config.modules());
        Placement float32 = new Placement(Precision.FLOAT32, placement.device());
        Source source = (path, outputs, inputs) -> {
            if (!modules.contains(path.substring(path.lastIndexOf('.') + 1))) {
                return null;
            }
            SplittableRandom random = new SplittableRandom(seed * 31 + path.hashCode());
            float[] a = new float[config.rank() * inputs];
            double bound = 1 / Math.sqrt(inputs);
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) random.nextDouble(-bound, bound);
            }
            return new Start(
                    float32.floats(a, config.rank(), inputs),
                    float32.floats(new float[outputs * config.rank()], outputs, config.rank()),
                    config.alpha() / config.rank());
        };
        return new Lora(source, placement);
    }

    /** Adapters that were trained before, for instance a PEFT folder's. */
    public static Lora from(Source source, Placement placement) {
        return new Lora(source, placement);
    }

    @Override
    public LinearMap create(String path, Tensor weight, @Nullable Tensor bias) {
        LinearMap frozen = LinearMap.Factory.PLAIN.create(path, weight, bias);
        try (Scope scope = Scope.open()) {
            Start start = source.of(path, Math.toIntExact(weight.size(0)), Math.toIntExact(weight.size(1)));
            if (start == null) {
                return frozen;
            }
            Tensor a = trained(scope, path + A, start.a());
            Tensor b = trained(scope, path + B, start.b());
            scales.put(path, start.scale());
            return new LoraLinear(frozen, a, b, start.scale());
        }
    }

    private Tensor trained(Scope scope, String name, Tensor start) {
        Tensor leaf = scope.own(placement.place(start).detach().clone()).set_requires_grad(true);
        parameters.put(name, leaf);
        return leaf;
    }

    /** A and B of every adapter by name. */
    public SortedMap<String, Tensor> parameters() {
        return Collections.unmodifiableSortedMap(parameters);
    }

    /** The adapter of a linear map, null if it has none. */
    public @Nullable Adapter find(String path) {
        Tensor a = parameters.get(path + A);
        Tensor b = parameters.get(path + B);
        return a == null || b == null ? null : new Adapter(a, b, scale(path));
    }

    /** alpha / r of the adapter of a linear map. */
    public double scale(String path) {
        Double scale = scales.get(path);
        if (scale == null) {
            throw new IllegalArgumentException("no adapter at " + path);
        }
        return scale;
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::close);
    }
}
