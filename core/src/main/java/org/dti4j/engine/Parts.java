package org.dti4j.engine;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.lora.Lora;
import org.dti4j.model.Llama;
import org.jspecify.annotations.Nullable;

/** A model's weights and adapters, as the engine's parts want them. */
record Parts(Llama model, @Nullable Lora lora) {
    /** @param path for instance {@code model.layers.0.input_layernorm} */
    RmsNorm norm(String path) {
        String name = path + ".weight";
        return new RmsNorm(name, weight(name), model.config().normEpsilon());
    }

    /** @param paths for instance {@code model.layers.0.self_attn.k_proj} and {@code …v_proj}, which read the same rows */
    Projection projection(String... paths) {
        return new Projection(Arrays.stream(paths).map(this::part).toList());
    }

    private Projection.Part part(String path) {
        return new Projection.Part(
                path,
                weight(path + ".weight"),
                model.weights().get(path + ".bias"),
                lora == null ? null : lora.find(path));
    }

    Tensor weight(String name) {
        Tensor weight = model.weights().get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight named " + name);
        }
        return weight;
    }
}
