package org.dti4j.engine;

import java.util.List;
import org.dti4j.model.LlamaConfig;
import org.jspecify.annotations.Nullable;

/**
 * What one layer is made of, whatever its attention is.
 *
 * @param norm before the attention
 * @param queryNorm per head: Qwen3; null without
 * @param keyNorm per head: Qwen3; null without
 * @param query to H · E
 * @param keyValue to 2 · KV · E
 * @param output from H · E
 */
record LayerParts(
        LlamaConfig config,
        RmsNorm norm,
        @Nullable RmsNorm queryNorm,
        @Nullable RmsNorm keyNorm,
        Projection query,
        Projection keyValue,
        Projection output,
        FeedForward feedForward)
        implements AutoCloseable {
    static LayerParts of(LlamaConfig config, int layer, Parts parts) {
        String at = "model.layers." + layer + ".";
        String attention = at + "self_attn.";
        return new LayerParts(
                config,
                parts.norm(at + "input_layernorm"),
                config.headNorm() ? parts.norm(attention + "q_norm") : null,
                config.headNorm() ? parts.norm(attention + "k_norm") : null,
                parts.projection(attention + "q_proj"),
                parts.projection(attention + "k_proj", attention + "v_proj"),
                parts.projection(attention + "o_proj"),
                new FeedForward(
                        parts.norm(at + "post_attention_layernorm"),
                        parts.projection(at + "mlp.gate_proj", at + "mlp.up_proj"),
                        parts.projection(at + "mlp.down_proj")));
    }

    /** The same while the adapters do not change; the caller closes it. */
    LayerParts frozen() {
        return new LayerParts(
                config,
                norm,
                queryNorm,
                keyNorm,
                query.frozen(),
                keyValue.frozen(),
                output.frozen(),
                new FeedForward(
                        feedForward.norm(),
                        feedForward.gateUp().frozen(),
                        feedForward.down().frozen()));
    }

    @Override
    public void close() {
        List.of(query, keyValue, output, feedForward.gateUp(), feedForward.down())
                .forEach(Projection::close);
    }
}
