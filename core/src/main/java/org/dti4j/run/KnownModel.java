package org.dti4j.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;

/** Shapes of checkpoints that can be counted for and measured without having them, as their config.json says. */
public enum KnownModel {
    LLAMA_3_1_8B("Llama-3.1-8B"),
    SMOLLM2_135M("SmolLM2-135M");

    private final String title;

    KnownModel(String title) {
        this.title = title;
    }

    LlamaConfig shape() {
        return switch (this) {
            case LLAMA_3_1_8B ->
                new LlamaConfig(128_256, 4096, 14_336, 32, 32, 8, 128, 1e-5, 500_000, null, false, false, false);
            case SMOLLM2_135M ->
                new LlamaConfig(49_152, 576, 1536, 30, 9, 3, 64, 1e-5, 100_000, null, false, false, true);
        };
    }

    /** The shape of a checkpoint that is not there, by its name. */
    static LlamaConfig shapeOf(String name) {
        return Arrays.stream(values())
                .filter(known -> name.toLowerCase(Locale.ROOT).contains(known.title.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        "model.name = %s, must be nano, a checkpoint that is there, or one whose shape is known: %s"
                                .formatted(
                                        name,
                                        Arrays.stream(values())
                                                .map(known -> known.title)
                                                .collect(Collectors.joining(", ")))))
                .shape();
    }

    /** As a command names it. */
    @Override
    public String toString() {
        return title.toLowerCase(Locale.ROOT);
    }
}
