package org.dti4j.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One layer: attention and feed-forward, each behind an RMSNorm and added to the residual stream. N rows of width D. */
final class Block {
    private final LlamaConfig config;
    private final Norm attentionNorm; // (D)
    private final Norm feedForwardNorm; // (D)
    private final @Nullable Norm queryNorm; // (E), per head: Qwen3
    private final @Nullable Norm keyNorm; // (E)
    private final LinearMap wq; // (H · E, D)
    private final LinearMap wk; // (KV · E, D)
    private final LinearMap wv; // (KV · E, D)
    private final LinearMap wo; // (D, H · E)
    private final LinearMap gate; // (F, D)
    private final LinearMap up; // (F, D)
    private final LinearMap down; // (D, F)

    Block(LlamaConfig config, int layer, WeightTable weights, LinearMap.Factory maps) {
        this.config = config;
        String at = "model.layers." + layer + ".";
        attentionNorm = norm(weights, at + "input_layernorm");
        feedForwardNorm = norm(weights, at + "post_attention_layernorm");
        queryNorm = config.headNorm() ? norm(weights, at + "self_attn.q_norm") : null;
        keyNorm = config.headNorm() ? norm(weights, at + "self_attn.k_norm") : null;
        wq = map(weights, maps, at + "self_attn.q_proj");
        wk = map(weights, maps, at + "self_attn.k_proj");
        wv = map(weights, maps, at + "self_attn.v_proj");
        wo = map(weights, maps, at + "self_attn.o_proj");
        gate = map(weights, maps, at + "mlp.gate_proj");
        up = map(weights, maps, at + "mlp.up_proj");
        down = map(weights, maps, at + "mlp.down_proj");
    }

    private Norm norm(WeightTable weights, String path) {
        return new Norm(weights.get(path + ".weight"), config.normEpsilon());
    }

    private static LinearMap map(WeightTable weights, LinearMap.Factory maps, String path) {
        return maps.create(path, weights.get(path + ".weight"), weights.find(path + ".bias"));
    }

    /**
     * @param x [N, D]
     * @param initial the input embeddings, if the attention reads initial states
     */
    Tensor forward(Tensor x, @Nullable Embedded initial, DenseAttention attention) {
        Tensor h = attentionNorm.apply(x);
        return feedForward(x.add(wo.apply(attention.attend(queries(h), keys(h), values(h), initialKeys(initial)))));
    }

    /**
     * The states of the [SUM]s alone: nothing after the last layer reads another row.
     *
     * @param sumRows [S]
     * @return [S, D]
     */
    Tensor forwardSums(Tensor x, Tensor sumRows, @Nullable Embedded initial, DenseAttention attention) {
        Tensor h = attentionNorm.apply(x);
        Tensor q = queries(h.index_select(0, sumRows));
        Tensor mixed = attention.attendSums(q, keys(h), values(h), initialKeys(initial));
        return feedForward(x.index_select(0, sumRows).add(wo.apply(mixed)));
    }

    private Tensor feedForward(Tensor x) {
        Tensor h = feedForwardNorm.apply(x);
        return x.add(down.apply(torch.silu(gate.apply(h)).mul(up.apply(h))));
    }

    /** k⁰, v⁰ of docs/method.md section 4: this layer's projections of the input embeddings, each distinct id once. */
    private DenseAttention.@Nullable Initial initialKeys(@Nullable Embedded initial) {
        if (initial == null) {
            return null;
        }
        Tensor h = attentionNorm.apply(initial.distinct());
        return new DenseAttention.Initial(rows(keys(h), initial), rows(values(h), initial));
    }

    private Tensor rows(Tensor ofDistinct, Embedded initial) {
        long width = (long) config.keyValueHeads() * config.headWidth();
        return initial.rowsOf(ofDistinct.reshape(ofDistinct.size(0), width))
                .view(initial.index().size(0), config.keyValueHeads(), config.headWidth());
    }

    private Tensor queries(Tensor h) {
        return heads(wq.apply(h), config.heads(), queryNorm);
    }

    private Tensor keys(Tensor h) {
        return heads(wk.apply(h), config.keyValueHeads(), keyNorm);
    }

    private Tensor values(Tensor h) {
        return heads(wv.apply(h), config.keyValueHeads(), null);
    }

    private Tensor heads(Tensor x, int count, @Nullable Norm norm) {
        Tensor split = x.view(x.size(0), count, config.headWidth());
        return norm == null ? split : norm.apply(split);
    }

    /**
     * RMSNorm over the last dimension, computed in float32.
     *
     * @param weight (width)
     */
    record Norm(Tensor weight, double epsilon) {
        Tensor apply(Tensor x) {
            Tensor f = x.to(torch.ScalarType.Float);
            Tensor square = f.square().mean(new long[] {-1}, true, null);
            return f.mul(square.add(new Scalar(epsilon)).rsqrt())
                    .to(x.scalar_type())
                    .mul(weight);
        }
    }
}
