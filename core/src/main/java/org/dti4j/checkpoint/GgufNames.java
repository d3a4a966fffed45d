package org.dti4j.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates llama.cpp's names of tensors to Hugging Face's. */
final class GgufNames {
    /** The factors by which llama.cpp divides each RoPE frequency: not a weight. */
    static final String ROPE_FACTORS = "rope_freqs.weight";

    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\.(.+)");
    private static final Map<String, String> OUTSIDE = Map.of(
            "token_embd.weight", LlamaTensors.EMBEDDING,
            "output_norm.weight", "model.norm.weight",
            "output.weight", LlamaTensors.HEAD);
    private static final Map<String, String> INSIDE = Map.ofEntries(
            Map.entry("attn_norm.weight", "input_layernorm.weight"),
            Map.entry("attn_q.weight", "self_attn.q_proj.weight"),
            Map.entry("attn_k.weight", "self_attn.k_proj.weight"),
            Map.entry("attn_v.weight", "self_attn.v_proj.weight"),
            Map.entry("attn_output.weight", "self_attn.o_proj.weight"),
            Map.entry("attn_q.bias", "self_attn.q_proj.bias"),
            Map.entry("attn_k.bias", "self_attn.k_proj.bias"),
            Map.entry("attn_v.bias", "self_attn.v_proj.bias"),
            Map.entry("attn_q_norm.weight", "self_attn.q_norm.weight"),
            Map.entry("attn_k_norm.weight", "self_attn.k_norm.weight"),
            Map.entry("ffn_norm.weight", "post_attention_layernorm.weight"),
            Map.entry("ffn_gate.weight", "mlp.gate_proj.weight"),
            Map.entry("ffn_up.weight", "mlp.up_proj.weight"),
            Map.entry("ffn_down.weight", "mlp.down_proj.weight"));

    static final String HEAD = "output.weight";

    private GgufNames() {}

    /** Hugging Face's name, or nothing for a tensor that the Llama family does not have. */
    static Optional<String> toHuggingFace(String name) {
        Matcher block = BLOCK.matcher(name);
        if (!block.matches()) {
            return Optional.ofNullable(OUTSIDE.get(name));
        }
        return Optional.ofNullable(INSIDE.get(block.group(2)))
                .map(inside -> "model.layers.%s.%s".formatted(block.group(1), inside));
    }
}
