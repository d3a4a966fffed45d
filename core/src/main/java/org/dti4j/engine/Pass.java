package org.dti4j.engine;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.method.DistinctIds;
import org.dti4j.method.Layout;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Relay;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass over a layout, and, if its tape records, one backward pass. Its tensors live in the scope that it was made in. N rows of
 * width D, S [SUM]s, U distinct token ids, vocabulary V.
 */
public final class Pass {
    private final Engine engine;
    private final Tape tape;
    private final RowParts parts;
    private final WindowedAttention attention;
    private final DistinctIds ids;
    private final Embedded embedded;
    private final @Nullable Embedded initial;

    Pass(Engine engine, Layout layout, Tape tape, RowParts parts) {
        this.engine = engine;
        this.tape = tape;
        this.parts = parts;
        try (NoGradGuard guard = new NoGradGuard()) {
            Placement placement = engine.placement();
            attention = new WindowedAttention(layout, engine.config(), placement, engine.blockSize(), parts);
            ids = DistinctIds.of(layout.ids());
            embedded = new Embedded(engine.tokens().of(ids), placement.integers(ids.index(), layout.rows()));
            initial = attention.readsInitialStates() ? embedded : null;
        }
    }

    /** Vocabulary logits at the [SUM]s of the layout, [S, V], in the order of its targets. */
    public Tensor logits() {
        try (NoGradGuard guard = new NoGradGuard()) {
            Tensor x = layers(true);
            tape.save(x);
            Tensor states = engine.norm().forward(x);
            Tensor logits = torch.linear(states, engine.tokens().head());
            Llama.TrainedRows trained = sharedRows();
            return trained == null
                    ? logits
                    : logits.index_copy_(1, columns(trained), torch.linear(states, rows(trained)));
        }
    }

    /**
     * Logits of some words alone at the [SUM]s: what a score is made of. No backward pass can follow.
     *
     * @param words token ids
     * @return [S, words]
     */
    public Tensor logits(int[] words) {
        try (NoGradGuard guard = new NoGradGuard()) {
            return engine.tokens().logits(engine.norm().forward(layers(true)), words);
        }
    }

    /** The states of all rows after the last layer, before the final norm, [N, D]. */
    public Tensor hidden() {
        try (NoGradGuard guard = new NoGradGuard()) {
            return layers(false);
        }
    }

    /** A scope per layer: what the backward pass needs, the tape holds; the rest is free for the next layer. */
    private Tensor layers(boolean sumsAtLast) {
        int last = engine.blocks().size() - 1;
        try (Relay x = new Relay(embedded.rows())) {
            for (int layer = 0; layer <= last; layer++) {
                try (Scope scope = Scope.open()) {
                    Block block = engine.blocks().get(layer);
                    x.next(
                            scope,
                            sumsAtLast && layer == last
                                    ? block.forwardSums(x.now(), initial, attention, tape)
                                    : block.forward(x.now(), initial, attention, tape, parts));
                }
            }
            return x.last();
        }
    }

    /**
     * Adds the gradients of all that is trained to the tape's sums. After {@link #logits}, once.
     *
     * @param dLogits the gradient of the loss by the logits, [S, V]
     */
    public void backward(Tensor dLogits) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard();
                Relay dx = new Relay(headBackward(dLogits))) {
            Tensor dInitial = trainsEmbedding() && initial != null ? torch.zeros_like(embedded.distinct()) : null;
            for (int layer = engine.blocks().size() - 1; layer >= 0; layer--) {
                boolean sumsOnly = layer == engine.blocks().size() - 1;
                try (Scope ofLayer = Scope.open()) {
                    Block block = engine.blocks().get(layer);
                    dx.next(ofLayer, block.backward(dx.now(), initial, dInitial, attention, sumsOnly, tape));
                }
                tape.finish(layer);
            }
            if (trainsEmbedding()) {
                Tensor dDistinct = embedded.sumOf(dx.now().to(ScalarType.Float));
                addEmbeddingGradients(dInitial == null ? dDistinct : dDistinct.add_(dInitial));
            }
        }
    }

    private boolean trainsEmbedding() {
        return engine.trainedRows() != null || tape.sums().trains(TokenEmbedding.INPUT);
    }

    private Tensor headBackward(Tensor dLogits) {
        GradientSums sums = tape.sums();
        Tensor x = tape.take();
        Tensor states = engine.norm().forward(x);
        Llama.TrainedRows trained = sharedRows();
        Tensor dStates;
        if (trained == null) {
            sums.addProduct(engine.tokens().headName(), dLogits.t(), states);
            dStates = dLogits.mm(engine.tokens().head());
        } else {
            Tensor dColumns = dLogits.index_select(1, columns(trained));
            Tensor others = dLogits.index_fill(1, columns(trained), new Scalar(0.0));
            sums.addProduct(Llama.TrainedRows.NAME, dColumns.t(), states);
            sums.addProduct(engine.tokens().headName(), others.t(), states);
            dStates = others.mm(engine.tokens().head()).addmm_(dColumns, rows(trained));
        }
        return engine.norm().backward(dStates, x, engine.norm().inverse(x), sums);
    }

    private void addEmbeddingGradients(Tensor dDistinct) {
        GradientSums sums = tape.sums();
        Llama.TrainedRows trained = engine.trainedRows();
        if (trained != null) {
            int[] rows = trained.ids().toArray();
            Tensor sum = sums.of(Llama.TrainedRows.NAME);
            for (int i = 0; sum != null && i < rows.length; i++) {
                int place = ids.place(rows[i]);
                if (place >= 0) {
                    sum.narrow(0, i, 1).add_(dDistinct.narrow(0, place, 1));
                    dDistinct.narrow(0, place, 1).zero_();
                }
            }
        }
        Tensor ofEmbedding = sums.of(TokenEmbedding.INPUT);
        if (ofEmbedding != null) {
            ofEmbedding.index_add_(0, engine.placement().integers(ids.ids(), ids.size()), dDistinct);
        }
    }

    /** The trained rows, if the output head uses them too: if it is the embedding. */
    private Llama.@Nullable TrainedRows sharedRows() {
        return engine.config().tiedHead() ? engine.trainedRows() : null;
    }

    private Tensor columns(Llama.TrainedRows trained) {
        int[] columns = trained.ids().toArray();
        return engine.placement().integers(columns, columns.length);
    }

    private Tensor rows(Llama.TrainedRows trained) {
        return engine.placement().cast(trained.rows());
    }
}
