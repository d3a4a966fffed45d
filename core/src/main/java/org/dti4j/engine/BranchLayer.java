package org.dti4j.engine;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.jspecify.annotations.Nullable;

/** The parts of one layer around its attention, as {@link Block} puts them together, for passes whose attention is {@link BranchAttention}. */
final class BranchLayer implements AutoCloseable {
    private final LayerParts parts;
    private final LlamaConfig config;
    private final RmsNorm norm;
    private final @Nullable RmsNorm queryNorm; // per head: Qwen3
    private final @Nullable RmsNorm keyNorm;
    private final Projection query; // to H · E
    private final Projection keyValue; // to 2 · KV · E
    private final Projection output;
    private final FeedForward feedForward;

    /** @param parts owned from now on */
    BranchLayer(LayerParts parts) {
        this.parts = parts;
        config = parts.config();
        norm = parts.norm();
        queryNorm = parts.queryNorm();
        keyNorm = parts.keyNorm();
        query = parts.query();
        keyValue = parts.keyValue();
        output = parts.output();
        feedForward = parts.feedForward();
    }

    /**
     * Keys and values of some rows.
     *
     * @param k [N, KV, E], not rotated
     * @param v [N, KV, E]
     */
    record KeyValue(Tensor k, Tensor v) {
        KeyValue narrow(long from, long count) {
            return new KeyValue(k.narrow(0, from, count), v.narrow(0, from, count));
        }

        /** As one side of an attention: [KV, N, E]. */
        Prefix byHead() {
            return Prefix.ofRows(k, v);
        }
    }

    /** @param x [N, D] */
    Tensor normed(Tensor x) {
        return norm.forward(x);
    }

    /**
     * @param h [N, D], normed
     * @return [N, H, E], scaled, not rotated
     */
    Tensor query(Tensor h) {
        try (Tape tape = Tape.scoring()) {
            Tensor heads = query.forward(h, tape).view(h.size(0), config.heads(), config.headWidth());
            Tensor normed = queryNorm == null ? heads : queryNorm.forward(heads);
            return normed.mul(new Scalar(1 / Math.sqrt(config.headWidth())));
        }
    }

    /** @param h [N, D], normed */
    KeyValue keyValue(Tensor h) {
        try (Tape tape = Tape.scoring()) {
            long heads = config.keyValueHeads();
            Tensor both = keyValue.forward(h, tape).view(h.size(0), 2 * heads, config.headWidth());
            Tensor k = both.narrow(1, 0, heads);
            return new KeyValue(keyNorm == null ? k : keyNorm.forward(k), both.narrow(1, heads, heads));
        }
    }

    /**
     * What follows the attention.
     *
     * @param mixed [N, H · E]
     * @param x [N, D], what the layer read
     */
    Tensor finish(Tensor mixed, Tensor x) {
        try (Tape tape = Tape.scoring()) {
            return feedForward.forward(output.forward(mixed, tape).add_(x), tape);
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
