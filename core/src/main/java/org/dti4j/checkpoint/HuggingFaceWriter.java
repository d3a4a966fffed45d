package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.file.AtomicFile;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RopeScaling;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes a model as a folder that transformers, old and new, and {@link Checkpoints} read. */
public final class HuggingFaceWriter {
    /** Where no file need be cut. */
    public static final long ONE_FILE = Long.MAX_VALUE;

    private HuggingFaceWriter() {}

    /** Writes the tensors of a map; see the other method. */
    public static void write(
            Path folder,
            LlamaConfig config,
            int contextTokens,
            Precision precision,
            Map<String, Tensor> tensors,
            List<Path> companions) {
        write(folder, config, contextTokens, precision, ONE_FILE, companions, name -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("the map lacks the tensor " + name);
            }
            return tensor;
        });
    }

    /**
     * Writes a model tensor by tensor, the configuration last: a folder that has it is whole.
     *
     * @param contextTokens the longest distance between two tokens that the model is made for
     * @param precision in which the weights are stored
     * @param shardBytes above which the weights are cut into several files with an index; a tensor is never cut
     * @param companions files to copy into the folder, such as {@code tokenizer.json}
     * @param tensors gives each tensor of {@link LlamaConfig#weightNames()}; one that it makes anew is freed when it is written
     * @throws UserException if the operating system refuses
     */
    public static void write(
            Path folder,
            LlamaConfig config,
            int contextTokens,
            Precision precision,
            long shardBytes,
            List<Path> companions,
            Function<String, Tensor> tensors) {
        ObjectNode json = json(config, contextTokens, precision);
        ShardPlan plan = ShardPlan.of(LlamaTensors.shapes(config), StoredType.of(precision), shardBytes);
        plan.files()
                .forEach((file, shapes) -> SafetensorsWriter.write(folder.resolve(file), shapes, precision, tensors));
        if (plan.needsIndex()) {
            AtomicFile.write(
                    folder.resolve(Shards.INDEX),
                    JsonSettings.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(plan.index()));
        }
        for (Path companion : companions) {
            AtomicFile.copy(companion, folder.resolve(companion.getFileName()));
        }
        AtomicFile.write(
                folder.resolve(HuggingFaceCheckpoint.CONFIG),
                JsonSettings.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    /** Any member of the family that computes the same will do: Mistral without a window is a Llama. */
    private static ModelType type(LlamaConfig config) {
        if (config.headNorm() && config.attentionBias()) {
            throw new UserException("a model with both attention biases and head norms cannot be written:"
                    + " no model type of Hugging Face has both without a bias of o_proj");
        }
        if (config.headNorm()) {
            return ModelType.QWEN3;
        }
        return config.attentionBias() ? ModelType.QWEN2 : ModelType.LLAMA;
    }

    private static ObjectNode json(LlamaConfig config, int contextTokens, Precision precision) {
        ModelType type = type(config);
        String dtype = switch (precision) {
            case FLOAT32 -> "float32";
            case BFLOAT16 -> "bfloat16";
        };
        ObjectNode json = JsonSettings.JSON.createObjectNode();
        json.putArray("architectures").add(type.architecture());
        json.put("model_type", type.id());
        json.put("attention_bias", config.attentionBias());
        json.put("dtype", dtype);
        json.put("head_dim", config.headWidth());
        json.put("hidden_act", "silu");
        json.put("hidden_size", config.width());
        json.put("intermediate_size", config.innerWidth());
        json.put("max_position_embeddings", contextTokens);
        json.put("num_attention_heads", config.heads());
        json.put("num_hidden_layers", config.layers());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("rms_norm_eps", config.normEpsilon());
        putRope(json, config.ropeTheta(), config.ropeScaling());
        json.put("tie_word_embeddings", config.tiedHead());
        json.put("torch_dtype", dtype);
        json.put("use_sliding_window", false);
        json.put("vocab_size", config.vocabulary());
        return json;
    }

    /** As transformers 5 reads it, and as its predecessors do. */
    private static void putRope(ObjectNode json, double theta, @Nullable RopeScaling scaling) {
        json.put("rope_theta", theta);
        ObjectNode parameters = json.putObject("rope_parameters");
        parameters.put("rope_theta", theta);
        parameters.put("rope_type", scaling == null ? "default" : "llama3");
        if (scaling == null) {
            json.putNull("rope_scaling");
        } else {
            putScaling(parameters, scaling);
            ObjectNode older = json.putObject("rope_scaling");
            older.put("rope_type", "llama3");
            putScaling(older, scaling);
        }
    }

    private static void putScaling(ObjectNode json, RopeScaling scaling) {
        json.put("factor", scaling.factor());
        json.put("low_freq_factor", scaling.lowFrequencyFactor());
        json.put("high_freq_factor", scaling.highFrequencyFactor());
        json.put("original_max_position_embeddings", (long) scaling.originalContext());
    }
}
