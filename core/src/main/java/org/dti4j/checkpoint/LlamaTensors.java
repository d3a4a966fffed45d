package org.dti4j.checkpoint;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.model.LlamaConfig;

/** Compares the tensors of a file with those that a configuration asks for. */
final class LlamaTensors {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String HEAD = "lm_head.weight";

    private LlamaTensors() {}

    /** Names and shapes of all tensors that a model of this configuration has, in the order of computation. */
    static Map<String, List<Long>> shapes(LlamaConfig config) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (String name : config.weightNames()) {
            shapes.put(name, Arrays.stream(config.weightShape(name)).boxed().toList());
        }
        return Collections.unmodifiableMap(shapes);
    }

    /** Notes what is missing, what is there but would be ignored, and whose shape is not that of the configuration. */
    static void check(LlamaConfig config, Map<String, List<Long>> found, FileProblems problems) {
        // before the names of a billion layers are made
        if (config.layers() > found.size()) {
            problems.add("has %d tensors, too few for the %d layers of the configuration"
                    .formatted(found.size(), config.layers()));
            return;
        }
        Map<String, List<Long>> expected = shapes(config);
        found.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .forEach(name -> problems.add(
                        "tensor %s is unknown; a model without it would answer differently".formatted(name)));
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
    }
}
