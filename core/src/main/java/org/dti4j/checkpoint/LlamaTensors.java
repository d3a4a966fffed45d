package org.dti4j.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.model.LlamaConfig;

/** The tensors of a model: Hugging Face's names and their shapes, in the order of computation. */
public final class LlamaTensors {
    /** The embedding, [V, D]. */
    public static final String EMBEDDING = "model.embed_tokens.weight";

    /** The output head, [V, D]; absent when it is the embedding. */
    public static final String HEAD = "lm_head.weight";

    private LlamaTensors() {}

    /** Names and shapes of all tensors that a model of this configuration has. */
    public static Map<String, List<Long>> shapes(LlamaConfig config) {
        long width = config.width();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put(EMBEDDING, List.of((long) config.vocabulary(), width));
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "model.layers." + layer + ".";
            shapes.put(block + "input_layernorm.weight", List.of(width));
            addAttention(shapes, block + "self_attn.", config);
            shapes.put(block + "post_attention_layernorm.weight", List.of(width));
            shapes.put(block + "mlp.gate_proj.weight", List.of((long) config.innerWidth(), width));
            shapes.put(block + "mlp.up_proj.weight", List.of((long) config.innerWidth(), width));
            shapes.put(block + "mlp.down_proj.weight", List.of(width, (long) config.innerWidth()));
        }
        shapes.put("model.norm.weight", List.of(width));
        if (!config.tiedHead()) {
            shapes.put(HEAD, List.of((long) config.vocabulary(), width));
        }
        return Collections.unmodifiableMap(shapes);
    }

    private static void addAttention(Map<String, List<Long>> shapes, String block, LlamaConfig config) {
        long width = config.width();
        long queries = (long) config.heads() * config.headWidth();
        long keys = (long) config.keyValueHeads() * config.headWidth();
        shapes.put(block + "q_proj.weight", List.of(queries, width));
        shapes.put(block + "k_proj.weight", List.of(keys, width));
        shapes.put(block + "v_proj.weight", List.of(keys, width));
        shapes.put(block + "o_proj.weight", List.of(width, queries));
        if (config.attentionBias()) {
            shapes.put(block + "q_proj.bias", List.of(queries));
            shapes.put(block + "k_proj.bias", List.of(keys));
            shapes.put(block + "v_proj.bias", List.of(keys));
        }
        if (config.headNorm()) {
            shapes.put(block + "q_norm.weight", List.of((long) config.headWidth()));
            shapes.put(block + "k_norm.weight", List.of((long) config.headWidth()));
        }
    }

    /** Notes what is missing, what is there but would be ignored, and whose shape is not that of the configuration. */
    static void check(LlamaConfig config, Map<String, List<Long>> found, FileProblems problems) {
        if (config.layers() > found.size()) {
            problems.add("has %d tensors, too few for the %d layers of the configuration"
                    .formatted(found.size(), config.layers()));
            return;
        }
        Map<String, List<Long>> expected = shapes(config);
        expected.forEach((name, shape) -> {
            List<Long> actual = found.get(name);
            if (actual == null) {
                problems.add("tensor %s is missing, must be of shape %s".formatted(name, shape));
            } else {
                problems.require(
                        actual.equals(shape),
                        "tensor %s has shape %s, must be %s by the configuration".formatted(name, actual, shape));
            }
        });
        found.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .forEach(name -> problems.add(
                        "tensor %s is unknown; a model without it would answer differently".formatted(name)));
    }
}
