package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RopeScaling;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * What the metadata of a GGUF file say of a model. llama.cpp stores Mistral as {@code llama}.
 *
 * @param contextTokens the longest distance between two tokens that the checkpoint was made for
 * @param notes what the user should know though it is no mistake
 */
record GgufConfig(ModelType type, LlamaConfig model, int contextTokens, List<String> notes) {
    private static final List<ModelType> SUPPORTED = List.of(ModelType.LLAMA, ModelType.QWEN2, ModelType.QWEN3);

    GgufConfig {
        notes = List.copyOf(notes);
    }

    /**
     * Reads the configuration.
     *
     * @param scaling the scaling that the file's RoPE factors amount to, or null
     */
    static GgufConfig of(Path file, GgufHeader header, @Nullable RopeScaling scaling) {
        GgufMetadata metadata = header.metadata();
        ModelType type = modelType(file, metadata);
        Keys keys = new Keys(type.id(), metadata);
        FileProblems problems = new FileProblems(file);
        List<String> notes = new ArrayList<>();
        int window = slidingWindow(keys, problems);
        if (window > 0) {
            notes.add("the checkpoint's sliding window of %d tokens is not applied".formatted(window));
        }
        int headWidth = headWidth(keys, problems);
        refuseWhatIsNotComputed(keys, headWidth, problems);
        problems.throwIfAny();
        int context = keys.integer("context_length").orElse(type.defaultContextTokens());
        LlamaConfig model = FileProblems.locate(file, () -> model(type, keys, header, headWidth, scaling));
        return new GgufConfig(type, model, window > 0 ? Math.min(window, context) : context, notes);
    }

    static ModelType modelType(Path file, GgufMetadata metadata) {
        String name = metadata.text("general.architecture", "");
        return SUPPORTED.stream()
                .filter(type -> type.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserException("%s: general.architecture = %s is not supported, must be one of %s"
                        .formatted(
                                file,
                                name,
                                String.join(
                                        ", ",
                                        SUPPORTED.stream().map(ModelType::id).toList()))));
    }

    private static LlamaConfig model(
            ModelType type, Keys keys, GgufHeader header, int headWidth, @Nullable RopeScaling scaling) {
        int heads = keys.required("attention.head_count");
        GgufTensor embedding = header.tensors().get("token_embd.weight");
        int vocabulary = embedding == null
                ? 0
                : (int) Math.min(Integer.MAX_VALUE, embedding.shape().get(0));
        return new LlamaConfig(
                vocabulary,
                keys.required("embedding_length"),
                keys.required("feed_forward_length"),
                keys.required("block_count"),
                heads,
                keys.integer("attention.head_count_kv").orElse(heads),
                headWidth,
                keys.number("attention.layer_norm_rms_epsilon", 1e-6),
                keys.number("rope.freq_base", 10_000),
                scaling,
                type.attentionBias(),
                type.headNorm(),
                !header.tensors().containsKey("output.weight"));
    }

    private static int headWidth(Keys keys, FileProblems problems) {
        int heads = keys.required("attention.head_count");
        if (heads < 1) {
            problems.add("%s = %d, must be > 0".formatted(keys.name("attention.head_count"), heads));
            return 1;
        }
        int width = keys.integer("attention.key_length").orElse(keys.required("embedding_length") / heads);
        int valueWidth = keys.integer("attention.value_length").orElse(width);
        problems.require(
                valueWidth == width,
                "%s = %d, must be that of keys, %d".formatted(keys.name("attention.value_length"), valueWidth, width));
        return width;
    }

    private static int slidingWindow(Keys keys, FileProblems problems) {
        int window = keys.integer("attention.sliding_window").orElse(0);
        problems.require(
                window == 0 || window >= HuggingFaceConfig.LEAST_SLIDING_WINDOW,
                "%s = %d, must be absent or at least %d: dti4j applies its own window of interactions"
                        .formatted(
                                keys.name("attention.sliding_window"), window, HuggingFaceConfig.LEAST_SLIDING_WINDOW));
        return window;
    }

    private static void refuseWhatIsNotComputed(Keys keys, int headWidth, FileProblems problems) {
        int rotated = keys.integer("rope.dimension_count").orElse(headWidth);
        problems.require(
                rotated == headWidth,
                "%s = %d, must be %d: dti4j rotates whole heads only"
                        .formatted(keys.name("rope.dimension_count"), rotated, headWidth));
        int experts = keys.integer("expert_count").orElse(0);
        problems.require(experts == 0, "%s = %d, must be 0".formatted(keys.name("expert_count"), experts));
        String scaling = keys.metadata().text(keys.name("rope.scaling.type"), "none");
        double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
        problems.require(
                scaling.equals("none") || (scaling.equals("linear") && factor == 1),
                "%s = %s, must be none: dti4j computes the llama3 scaling only"
                        .formatted(keys.name("rope.scaling.type"), scaling));
        problems.require(
                !scaling.equals("none") || factor == 1,
                "%s = %s, must be 1".formatted(keys.name("rope.scale_linear"), factor));
    }

    /** Metadata keys under the name of the architecture. */
    private record Keys(String architecture, GgufMetadata metadata) {
        String name(String key) {
            return architecture + "." + key;
        }

        int required(String key) {
            return metadata.requiredInteger(name(key));
        }

        OptionalInt integer(String key) {
            return metadata.integer(name(key));
        }

        double number(String key, double otherwise) {
            return metadata.number(name(key), otherwise);
        }
    }
}
