package org.dti4j.checkpoint;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Weights;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** Models as llama.cpp's converter writes them. */
final class GgufModels {
    private static final Map<String, String> INSIDE = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    private GgufModels() {}

    /** All tensors in float32, those of q and k reordered if the architecture is {@code llama}. */
    static GgufBuilder of(Weights weights, String architecture) {
        GgufBuilder builder = metadata(weights.config(), architecture);
        for (String name : weights.names()) {
            try (Scope scope = Scope.open()) {
                Tensor tensor = scope.keep(weights.read(name, Precision.FLOAT32));
                long[] shape = Tensors.shape(tensor);
                if (architecture.equals("llama") && name.matches(".*[qk]_proj\\.weight")) {
                    LlamaConfig config = weights.config();
                    tensor = permuted(tensor, name.contains("q_proj") ? config.heads() : config.keyValueHeads());
                }
                builder.tensor(toGguf(name), GgmlType.F32, GgufBuilder.floats(Tensors.toFloats(tensor)), shape);
            }
        }
        return builder;
    }

    static GgufBuilder metadata(LlamaConfig config, String architecture) {
        String at = architecture + ".";
        return new GgufBuilder()
                .put("general.architecture", architecture)
                .put("general.languages", List.of("en", "fr"))
                .put(at + "block_count", config.layers())
                .put(at + "context_length", 777)
                .put(at + "embedding_length", config.width())
                .put(at + "feed_forward_length", config.innerWidth())
                .put(at + "attention.head_count", config.heads())
                .put(at + "attention.head_count_kv", config.keyValueHeads())
                .put(at + "attention.key_length", config.headWidth())
                .put(at + "attention.value_length", config.headWidth())
                .put(at + "attention.layer_norm_rms_epsilon", (float) config.normEpsilon())
                .put(at + "rope.dimension_count", config.headWidth())
                .put(at + "rope.freq_base", (float) config.ropeTheta());
    }

    /** LlamaModel.permute of llama.cpp's convert_hf_to_gguf.py: (head, half, pair) becomes (head, pair, half). */
    private static Tensor permuted(Tensor tensor, int heads) {
        long rows = tensor.size(0);
        return tensor.reshape(heads, 2, rows / heads / 2, tensor.size(1))
                .transpose(1, 2)
                .reshape(rows, tensor.size(1));
    }

    private static String toGguf(String name) {
        return switch (name) {
            case "model.embed_tokens.weight" -> "token_embd.weight";
            case "model.norm.weight" -> "output_norm.weight";
            case "lm_head.weight" -> "output.weight";
            default -> {
                String[] parts = name.split("\\.", 4);
                int last = parts[3].lastIndexOf('.');
                yield "blk." + parts[2] + "." + INSIDE.get(parts[3].substring(0, last)) + parts[3].substring(last);
            }
        };
    }
}
