package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;

/**
 * What a {@code config.json} of transformers says of a model.
 *
 * @param contextTokens the longest distance between two tokens that the checkpoint was made for
 * @param notes what the user should know though it is no mistake
 */
record HuggingFaceConfig(ModelType type, LlamaConfig model, int contextTokens, List<String> notes) {
    /** Below this, prompts of usual length would look further back than the checkpoint ever did. */
    static final int LEAST_SLIDING_WINDOW = 4096;

    HuggingFaceConfig {
        notes = List.copyOf(notes);
    }

    /**
     * Reads the configuration of a model.
     *
     * @throws UserException if it is not of a supported architecture, or asks for something that would not be computed; all
     *     problems at once
     */
    static HuggingFaceConfig read(Path file) {
        FileProblems problems = new FileProblems(file);
        JsonSettings config = JsonSettings.read(file, problems);
        ModelType type = modelType(file, config, problems);
        int contextTokens = config.integer("max_position_embeddings", type.defaultContextTokens());
        List<String> notes = new ArrayList<>();
        int window = slidingWindow(type, config, problems);
        if (window > 0) {
            notes.add(
                    ("the checkpoint's sliding window of %d tokens is not applied: the method's own window of interactions takes"
                                    + " its place, and should not hold more tokens")
                            .formatted(window));
            contextTokens = Math.min(contextTokens, window);
        }
        refuseWhatIsNotComputed(type, config, problems);
        RopeSettings rope = RopeSettings.of(config, contextTokens, problems);
        Shape shape = Shape.of(type, config, problems);
        problems.throwIfAny();
        LlamaConfig model = FileProblems.locate(file, () -> shape.toModel(type, config, rope));
        problems.throwIfAny();
        return new HuggingFaceConfig(type, model, contextTokens, notes);
    }

    private static ModelType modelType(Path file, JsonSettings config, FileProblems problems) {
        String name = config.text("model_type");
        problems.throwIfAny();
        if (name == null) {
            throw new UserException(
                    "%s: model_type is missing, must be one of %s".formatted(file, ModelType.supported()));
        }
        return ModelType.named(name)
                .orElseThrow(() -> new UserException("%s: model_type = %s is not supported, must be one of %s"
                        .formatted(file, name, ModelType.supported())));
    }

    /**
     * The sliding window that the checkpoint applies, in tokens, or 0. Published Mistral checkpoints have 4,096; the windows of
     * this method hold some twenty interactions, fewer tokens than that, so within them the sliding window never acts, and it is
     * left out. A narrower one could act, so it is refused.
     */
    private static int slidingWindow(ModelType type, JsonSettings config, FileProblems problems) {
        boolean used = switch (type) {
            case LLAMA -> false;
            case MISTRAL -> true;
            case QWEN2, QWEN3 -> config.flag("use_sliding_window", false);
        };
        boolean present = !config.value("sliding_window").isMissingNode();
        int window = used ? config.integer("sliding_window", present ? 0 : type.defaultSlidingWindow()) : 0;
        problems.require(
                window == 0 || window >= LEAST_SLIDING_WINDOW,
                ("sliding_window = %d, must be null or at least %d: dti4j applies its own window of interactions and not the"
                                + " checkpoint's")
                        .formatted(window, LEAST_SLIDING_WINDOW));
        return window;
    }

    private static void refuseWhatIsNotComputed(ModelType type, JsonSettings config, FileProblems problems) {
        String activation = config.text("hidden_act");
        problems.require(
                activation == null || activation.equals("silu"), "hidden_act = %s, must be silu".formatted(activation));
        problems.require(
                !config.flag("mlp_bias", false),
                "mlp_bias = true, must be false: dti4j has no biases in the feed-forward block");
        problems.require(
                type == ModelType.QWEN2 || !config.flag("attention_bias", false),
                "attention_bias = true, must be false: it adds a bias to o_proj, which dti4j does not have");
        problems.require(
                !config.has("quantization_config"),
                "quantization_config is there, must be absent: give the checkpoint in F32, F16 or BF16, or as GGUF");
        for (String layerType : config.texts("layer_types")) {
            problems.require(
                    layerType.equals("full_attention") || layerType.equals("sliding_attention"),
                    "layer_types has %s, must be full_attention throughout".formatted(layerType));
        }
    }

    /** The sizes, before they are checked against each other. */
    private record Shape(
            int vocabulary, int width, int innerWidth, int layers, int heads, int keyValueHeads, int headWidth) {
        static Shape of(ModelType type, JsonSettings config, FileProblems problems) {
            int heads = config.requiredInteger("num_attention_heads");
            int width = config.requiredInteger("hidden_size");
            boolean silent = config.value("num_key_value_heads").isMissingNode();
            problems.require(heads > 0, "num_attention_heads = %d, must be > 0".formatted(heads));
            return new Shape(
                    config.requiredInteger("vocab_size"),
                    width,
                    config.requiredInteger("intermediate_size"),
                    config.requiredInteger("num_hidden_layers"),
                    heads,
                    config.integer("num_key_value_heads", silent ? type.defaultKeyValueHeads(heads) : heads),
                    config.integer("head_dim", heads > 0 ? type.defaultHeadWidth(width, heads) : 1));
        }

        LlamaConfig toModel(ModelType type, JsonSettings config, RopeSettings rope) {
            return new LlamaConfig(
                    vocabulary,
                    width,
                    innerWidth,
                    layers,
                    heads,
                    keyValueHeads,
                    headWidth,
                    config.number("rms_norm_eps", 1e-6),
                    rope.theta(),
                    rope.scaling(),
                    type.attentionBias(),
                    type.headNorm(),
                    config.flag("tie_word_embeddings", false));
        }
    }
}
