package org.dti4j.checkpoint;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The members of the Llama family, by the name that {@code config.json} gives as {@code model_type}, and what they take for granted. */
enum ModelType {
    LLAMA("llama", "LlamaForCausalLM"),
    MISTRAL("mistral", "MistralForCausalLM"),
    QWEN2("qwen2", "Qwen2ForCausalLM"),
    QWEN3("qwen3", "Qwen3ForCausalLM");

    private final String id;
    private final String architecture;

    ModelType(String id, String architecture) {
        this.id = id;
        this.architecture = architecture;
    }

    static Optional<ModelType> named(String id) {
        return Stream.of(values()).filter(type -> type.id.equals(id)).findFirst();
    }

    static String supported() {
        return Stream.of(values()).map(ModelType::id).collect(Collectors.joining(", "));
    }

    String id() {
        return id;
    }

    /** The class in transformers. */
    String architecture() {
        return architecture;
    }

    /** Whether q, k and v have biases without {@code attention_bias} saying so. */
    boolean attentionBias() {
        return this == QWEN2;
    }

    /** Whether q and k are normalised per head. */
    boolean headNorm() {
        return this == QWEN3;
    }

    /** Key-value heads where the configuration is silent. */
    int defaultKeyValueHeads(int heads) {
        return switch (this) {
            case LLAMA -> heads;
            case MISTRAL -> 8;
            case QWEN2, QWEN3 -> 32;
        };
    }

    /** Width of a head where the configuration is silent. */
    int defaultHeadWidth(int width, int heads) {
        return switch (this) {
            case LLAMA, MISTRAL, QWEN2 -> width / heads;
            case QWEN3 -> 128;
        };
    }

    /** Sliding window in tokens where the configuration does not have the key at all; 0 for none. */
    int defaultSlidingWindow() {
        return this == MISTRAL ? 4096 : 0;
    }

    int defaultContextTokens() {
        return switch (this) {
            case LLAMA -> 2048;
            case MISTRAL -> 131_072;
            case QWEN2, QWEN3 -> 32_768;
        };
    }
}
