package org.dti4j.model;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.method.ModelShape;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a Llama-family decoder: Llama 2 and 3, SmolLM2, Qwen2, Qwen3, Mistral.
 *
 * @param vocabulary V, rows of the embedding
 * @param width D, of the residual stream
 * @param innerWidth F, of the feed-forward block
 * @param layers L
 * @param heads H, query heads
 * @param keyValueHeads KV, each shared by H / KV query heads
 * @param headWidth E, per head; H · E need not equal D (Qwen3)
 * @param normEpsilon of RMSNorm
 * @param ropeTheta base of the RoPE frequencies
 * @param ropeScaling the {@code llama3} scaling, or null for none
 * @param attentionBias whether q, k and v have biases (Qwen2)
 * @param headNorm whether q and k are normalised per head (Qwen3)
 * @param tiedHead whether the output head is the embedding
 */
public record LlamaConfig(
        int vocabulary,
        int width,
        int innerWidth,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        double normEpsilon,
        double ropeTheta,
        @Nullable RopeScaling ropeScaling,
        boolean attentionBias,
        boolean headNorm,
        boolean tiedHead) {
    public LlamaConfig {
        Problems.in("model config")
                .require(vocabulary > 0, "vocab_size", vocabulary, "> 0")
                .require(width > 0, "hidden_size", width, "> 0")
                .require(innerWidth > 0, "intermediate_size", innerWidth, "> 0")
                .require(layers > 0, "num_hidden_layers", layers, "> 0")
                .require(heads > 0, "num_attention_heads", heads, "> 0")
                .require(
                        keyValueHeads > 0 && heads % keyValueHeads == 0,
                        "num_key_value_heads",
                        keyValueHeads,
                        "a divisor of num_attention_heads = " + heads)
                .require(headWidth > 0 && headWidth % 2 == 0, "head_dim", headWidth, "even and > 0")
                .require(normEpsilon > 0, "rms_norm_eps", normEpsilon, "> 0")
                .require(ropeTheta > 0, "rope_theta", ropeTheta, "> 0")
                .throwIfAny();
    }

    /** The same with a head that is not the embedding's. */
    public LlamaConfig withOwnHead() {
        return new LlamaConfig(
                vocabulary,
                width,
                innerWidth,
                layers,
                heads,
                keyValueHeads,
                headWidth,
                normEpsilon,
                ropeTheta,
                ropeScaling,
                attentionBias,
                headNorm,
                false);
    }

    /** What operations are counted by. */
    public ModelShape shape(int adapterRank) {
        return new ModelShape(layers, width, innerWidth, heads, keyValueHeads, headWidth, vocabulary, adapterRank);
    }

    /** G, the query heads that share one key-value head. */
    public int groupSize() {
        return heads / keyValueHeads;
    }

    /** Number of weights, a tied head counted once. */
    public long parameters() {
        long attention = (long) width * headWidth * (2L * heads + 2L * keyValueHeads);
        long feedForward = 3L * width * innerWidth;
        long biases = attentionBias ? (long) headWidth * (heads + 2L * keyValueHeads) : 0;
        long norms = 2L * width + (headNorm ? 2L * headWidth : 0);
        return layers * (attention + feedForward + biases + norms)
                + width
                + (long) vocabulary * width * (tiedHead ? 1 : 2);
    }

    /** The names of all weights, as Hugging Face's files have them, in the order of the forward pass. */
    public List<String> weightNames() {
        List<String> names = new ArrayList<>();
        names.add("model.embed_tokens.weight");
        for (int layer = 0; layer < layers; layer++) {
            String at = "model.layers." + layer + ".";
            names.add(at + "input_layernorm.weight");
            for (String projection : List.of("q", "k", "v")) {
                names.add(at + "self_attn." + projection + "_proj.weight");
                if (attentionBias) {
                    names.add(at + "self_attn." + projection + "_proj.bias");
                }
            }
            if (headNorm) {
                names.add(at + "self_attn.q_norm.weight");
                names.add(at + "self_attn.k_norm.weight");
            }
            names.add(at + "self_attn.o_proj.weight");
            names.add(at + "post_attention_layernorm.weight");
            for (String projection : List.of("gate", "up", "down")) {
                names.add(at + "mlp." + projection + "_proj.weight");
            }
        }
        names.add("model.norm.weight");
        if (!tiedHead) {
            names.add("lm_head.weight");
        }
        return names;
    }

    /** The shape of the weight of that name. */
    public long[] weightShape(String name) {
        String last = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
        return switch (last) {
            case "embed_tokens.weight", "lm_head.weight" -> new long[] {vocabulary, width};
            case "q_proj.weight" -> new long[] {(long) heads * headWidth, width};
            case "k_proj.weight", "v_proj.weight" -> new long[] {(long) keyValueHeads * headWidth, width};
            case "q_proj.bias" -> new long[] {(long) heads * headWidth};
            case "k_proj.bias", "v_proj.bias" -> new long[] {(long) keyValueHeads * headWidth};
            case "o_proj.weight" -> new long[] {width, (long) heads * headWidth};
            case "gate_proj.weight", "up_proj.weight" -> new long[] {innerWidth, width};
            case "down_proj.weight" -> new long[] {width, innerWidth};
            case "q_norm.weight", "k_norm.weight" -> new long[] {headWidth};
            case "input_layernorm.weight", "post_attention_layernorm.weight", "norm.weight" -> new long[] {width};
            default -> throw new IllegalArgumentException("not a weight of a Llama: " + name);
        };
    }
}
