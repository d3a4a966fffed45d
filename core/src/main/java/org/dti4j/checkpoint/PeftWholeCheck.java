package org.dti4j.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.dti4j.model.LlamaConfig;

/** Whether the weights that an adapter brings whole fit the base model and the rest of the adapter. */
final class PeftWholeCheck {
    private final PeftSettings settings;
    private final LlamaConfig base;
    private final FileProblems problems;

    PeftWholeCheck(PeftSettings settings, LlamaConfig base, FileProblems problems) {
        this.settings = settings;
        this.base = base;
        this.problems = problems;
    }

    /**
     * Notes what does not fit.
     *
     * @param whole by the names that the base has them under
     * @param adapted modules with an adapter
     */
    void check(Map<String, StoredTensor> whole, Set<String> adapted) {
        Map<String, List<Long>> shapes = LlamaTensors.shapes(base);
        Set<String> modules = new TreeSet<>();
        whole.forEach((name, stored) -> {
            // a tied head is no tensor of the base, but a module of it
            List<Long> shape = name.equals(LlamaTensors.HEAD) ? shapes.get(LlamaTensors.EMBEDDING) : shapes.get(name);
            if (shape == null) {
                problems.add("tensor %s is stored whole, must be a weight of the base model".formatted(stored.name()));
                return;
            }
            modules.add(module(name));
            problems.require(
                    stored.shape().equals(shape),
                    "tensor %s has shape %s, must be %s by the base model"
                            .formatted(stored.name(), stored.shape(), shape));
        });
        for (String name : shapes.keySet()) {
            problems.require(
                    !modules.contains(module(name)) || whole.containsKey(name),
                    "has only a part of the module %s, must have its %s too".formatted(module(name), name));
        }
        for (String named : settings.whole()) {
            problems.require(
                    modules.stream().anyMatch(module -> module.endsWith(named)),
                    "has no weights of the module %s, which modules_to_save names".formatted(named));
        }
        modules.stream()
                .filter(adapted::contains)
                .forEach(module -> problems.add("module %s has an adapter and is stored whole".formatted(module)));
        checkRows(whole.containsKey(LlamaTensors.EMBEDDING), whole.containsKey(LlamaTensors.HEAD));
    }

    private void checkRows(boolean embedding, boolean head) {
        problems.require(
                settings.tokens().isEmpty() || !(embedding || (head && base.tiedHead())),
                "modules_to_save has the embedding or a head that is tied to it, and trainable_token_indices rows of it; must be one of the two");
        problems.require(
                !(settings.keepsTying() && base.tiedHead() && head && !embedding),
                "modules_to_save has lm_head, which ensure_weight_tying ties to the embedding: must have embed_tokens");
    }

    private static String module(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
