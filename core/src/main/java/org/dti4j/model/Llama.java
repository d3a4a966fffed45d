package org.dti4j.model;

import java.util.Arrays;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.DistinctIds;
import org.dti4j.method.Layout;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of the Llama family that answers at [SUM]s, as the equations say it: the definition that {@code engine.Engine}, which
 * trains and scores, is held to. Shapes: N rows of a layout, S [SUM]s, D width, V vocabulary, U distinct
 * token ids of a layout.
 */
public final class Llama implements AutoCloseable {
    private final LlamaConfig config;
    private final Placement placement;
    private final WeightTable weights;
    private final Tensor embedding; // (V, D)
    private final Block[] blocks;
    private final Block.Norm norm; // (D)
    private final Tensor head; // (V, D)
    private @Nullable TrainedRows trainedRows;

    private Llama(LlamaConfig config, Placement placement, WeightTable weights, LinearMap.Factory maps) {
        this.config = config;
        this.placement = placement;
        this.weights = weights;
        embedding = weights.get("model.embed_tokens.weight");
        blocks = new Block[config.layers()];
        for (int layer = 0; layer < blocks.length; layer++) {
            blocks[layer] = new Block(config, layer, weights, maps);
        }
        norm = new Block.Norm(weights.get("model.norm.weight"), config.normEpsilon());
        head = config.tiedHead() ? embedding : weights.get("lm_head.weight");
    }

    /**
     * Rows of the embedding that are trained beside an adapter, in place of the checkpoint's: that of [SUM]. A tied head shares them, as in
     * PEFT.
     *
     * @param ids the token ids
     * @param rows [ids, D] float32
     */
    public record TrainedRows(Ids ids, Tensor rows) {
        /** PEFT's name of the rows among the trained parameters. */
        public static final String NAME = "model.embed_tokens.token_adapter.trainable_tokens_delta";

        /** Token ids, in the order of the rows. */
        public static final class Ids {
            private final int[] ids;

            public Ids(int... ids) {
                this.ids = ids.clone();
            }

            public int[] toArray() {
                return ids.clone();
            }
        }
    }

    /**
     * Reads all weights.
     *
     * @param maps what stands at each linear map: {@link LinearMap.Factory#PLAIN}, or adapters
     */
    public static Llama load(Weights source, Placement placement, LinearMap.Factory maps) {
        return new Llama(source.config(), placement, WeightTable.read(source, placement), maps);
    }

    public LlamaConfig config() {
        return config;
    }

    public Placement placement() {
        return placement;
    }

    /** All weights by name, for training them or writing them; owned by the model. */
    public SortedMap<String, Tensor> weights() {
        return weights.all();
    }

    /** The input embedding, (V, D). */
    public Tensor embedding() {
        return embedding;
    }

    /** The embedding rows that are trained beside an adapter, if any. */
    public @Nullable TrainedRows trainedRows() {
        return trainedRows;
    }

    /** Uses these embedding rows from now on; the caller owns them. */
    public void trainRows(TrainedRows rows) {
        trainedRows = rows;
    }

    /** Vocabulary logits at the [SUM]s of a layout, [S, V], in the order of its targets. */
    public Tensor logits(Layout layout) {
        DenseAttention attention = new DenseAttention(layout, config, placement);
        Embedded embedded = embed(layout);
        Embedded initial = attention.readsInitialStates() ? embedded : null;
        Tensor x = embedded.rows();
        for (int layer = 0; layer < blocks.length - 1; layer++) {
            x = forward(blocks[layer], x, initial, attention);
        }
        Tensor sumRows = placement.integers(layout.sumRows(), layout.targets());
        return head(norm.apply(blocks[blocks.length - 1].forwardSums(x, sumRows, initial, attention)));
    }

    /** [S, D] to [S, V]. */
    private Tensor head(Tensor states) {
        Tensor logits = torch.linear(states, head);
        TrainedRows trained = trainedRows;
        if (trained == null || !config.tiedHead()) {
            return logits;
        }
        int[] ids = trained.ids().toArray();
        return logits.index_copy(
                1, placement.integers(ids, ids.length), torch.linear(states, placement.cast(trained.rows())));
    }

    /** The states of all rows after the last layer, before the final norm, [N, D]. */
    public Tensor hidden(Layout layout) {
        DenseAttention attention = new DenseAttention(layout, config, placement);
        Embedded embedded = embed(layout);
        Tensor x = embedded.rows();
        for (Block block : blocks) {
            x = forward(block, x, attention.readsInitialStates() ? embedded : null, attention);
        }
        return x;
    }

    /** A scope per layer: what the backward pass needs, libtorch holds; the rest is free for the next layer. */
    private static Tensor forward(Block block, Tensor x, @Nullable Embedded initial, DenseAttention attention) {
        try (Scope scope = Scope.open()) {
            return scope.keep(block.forward(x, initial, attention));
        }
    }

    private Embedded embed(Layout layout) {
        DistinctIds distinct = DistinctIds.of(layout.ids());
        Tensor states = torch.embedding(embedding, placement.integers(distinct.ids(), distinct.size()));
        TrainedRows trained = trainedRows;
        if (trained != null) {
            int[] ids = trained.ids().toArray();
            for (int i = 0; i < ids.length; i++) {
                states = replace(states, distinct.place(ids[i]), trained.rows().narrow(0, i, 1));
            }
        }
        return new Embedded(states, placement.integers(distinct.index(), layout.rows()));
    }

    private Tensor replace(Tensor states, int place, Tensor row) {
        return place < 0 ? states : states.index_copy(0, placement.integers(new int[] {place}, 1), placement.cast(row));
    }

    @Override
    public void close() {
        weights.close();
    }

    @Override
    public String toString() {
        return "Llama%s".formatted(Arrays.asList(config, placement));
    }
}
