package org.dti4j.engine;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The attention of one layout, the same object in every layer: prefix and stream rows through their windows, [SUM]s by an attention of their
 * own. N rows, of which the first R can be keys; S [SUM]s. Equal to {@link org.dti4j.model.DenseAttention} up to rounding.
 */
final class WindowedAttention {
    /** Queries of a block: the larger, the more keys are scored in vain; the smaller, the less each product has to do. */
    static final int BLOCK = 64;

    /** [SUM]s are few, so that what counts is how often each key is read. */
    static final int BLOCKS_PER_SUM_BLOCK = 4;

    private final Method method;
    private final LlamaConfig config;
    private final int rows; // R
    private final StreamAttention stream;
    private final SumAttention sums;

    WindowedAttention(Layout layout, LlamaConfig config, Placement placement, int block, RowParts parts) {
        this.config = config;
        method = layout.method();
        rows = layout.prefixRows() + layout.streamRows();
        stream = new StreamAttention(layout, config, placement, block, parts);
        sums = new SumAttention(layout, config, placement, BLOCKS_PER_SUM_BLOCK * block);
    }

    /** [S], the layout rows of the [SUM]s. */
    Tensor sumRows() {
        return sums.sumRows();
    }

    /** R. */
    int keyRows() {
        return rows;
    }

    boolean readsInitialStates() {
        return method.reset();
    }

    /**
     * What attention reads, none of it rotated; or its gradients.
     *
     * @param q [N, H, E], or of the [SUM]s alone [S, H, E]
     * @param keys [N, KV, E] each; initial ones unless {@link #readsInitialStates()} says no
     */
    record States(Tensor q, SumAttention.Keys keys) {}

    /**
     * All rows.
     *
     * @return [N, H · E]
     */
    Tensor forward(States states, Tape tape) {
        Tensor q = scaled(states.q());
        Tensor k = states.keys().k();
        Tensor v = states.keys().v();
        Tensor out = stream.forward(keyRows(q), keyRows(k), keyRows(v));
        if (method.probes()) {
            Tensor ofSums = sums.forward(q.index_select(0, sumRows()), states.keys(), tape);
            out = method.sumHidden() ? Tensors.join(0, out, ofSums) : out.index_copy(0, sumRows(), ofSums);
        }
        tape.save(states.q());
        save(states.keys(), tape);
        return out.reshape(out.size(0), width());
    }

    /**
     * [SUM]s alone: all that the last layer needs.
     *
     * @return [S, H · E]
     */
    Tensor forwardSums(States states, Tape tape) {
        Tensor out = sums.forward(scaled(states.q()), states.keys(), tape);
        save(states.keys(), tape);
        return out.reshape(out.size(0), width());
    }

    private static void save(SumAttention.Keys keys, Tape tape) {
        tape.save(keys.k());
        tape.save(keys.v());
        if (keys.initialK() != null && keys.initialV() != null) {
            tape.save(keys.initialK());
            tape.save(keys.initialV());
        }
    }

    private SumAttention.Keys take(Tape tape) {
        Tensor initialV = method.reset() ? tape.take() : null;
        Tensor initialK = method.reset() ? tape.take() : null;
        Tensor v = tape.take();
        Tensor k = tape.take();
        return new SumAttention.Keys(k, v, initialK, initialV);
    }

    /**
     * The backward pass of {@link #forward}.
     *
     * @param dOut [N, H · E]
     */
    States backward(Tensor dOut, Tape tape) {
        SumAttention.Keys keys = take(tape);
        Tensor q = scaled(keyRows(tape.take()));
        Tensor dk = torch.zeros_like(keys.k());
        Tensor dv = torch.zeros_like(keys.v());
        Tensor byHead = byHead(dOut);
        Tensor ofRows = keyRows(byHead);
        SumAttention.Gradients ofSums = null;
        if (method.probes()) {
            ofSums = sums.backward(byHead.index_select(0, sumRows()), keys, dk, dv, tape);
            ofRows = method.sumHidden() ? ofRows : ofRows.index_fill(0, sumRows(), new Scalar(0.0));
        }
        Tensor dq = stream.backward(ofRows, q, keyRows(keys.k()), keyRows(keys.v()), keyRows(dk), keyRows(dv));
        if (ofSums == null) {
            return gradients(dq, dk, dv, null, null);
        }
        dq = method.sumHidden() ? Tensors.join(0, dq, ofSums.q()) : dq.index_add_(0, sumRows(), ofSums.q());
        return gradients(dq, dk, dv, ofSums.initialK(), ofSums.initialV());
    }

    /**
     * The backward pass of {@link #forwardSums}; the gradient of the query is [S, H, E].
     *
     * @param dOut [S, H · E]
     */
    States backwardSums(Tensor dOut, Tape tape) {
        SumAttention.Keys keys = take(tape);
        Tensor dk = torch.zeros_like(keys.k());
        Tensor dv = torch.zeros_like(keys.v());
        SumAttention.Gradients found = sums.backward(byHead(dOut), keys, dk, dv, tape);
        return gradients(found.q(), dk, dv, found.initialK(), found.initialV());
    }

    private States gradients(Tensor dq, Tensor dk, Tensor dv, @Nullable Tensor dInitialK, @Nullable Tensor dInitialV) {
        return new States(dq.mul_(new Scalar(scale())), new SumAttention.Keys(dk, dv, dInitialK, dInitialV));
    }

    private Tensor keyRows(Tensor ofAll) {
        return ofAll.narrow(0, 0, rows);
    }

    private Tensor byHead(Tensor x) {
        return x.view(x.size(0), config.heads(), config.headWidth());
    }

    private Tensor scaled(Tensor q) {
        return q.mul(new Scalar(scale()));
    }

    private double scale() {
        return 1 / Math.sqrt(config.headWidth());
    }

    private long width() {
        return (long) config.heads() * config.headWidth();
    }
}
