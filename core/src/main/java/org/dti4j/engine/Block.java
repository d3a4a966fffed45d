package org.dti4j.engine;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.WindowedAttention.States;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** One layer: attention and feed-forward, each behind an RMSNorm and added to the residual stream. N rows of width D, S [SUM]s. */
final class Block {
    private final LlamaConfig config;
    private final RmsNorm norm;
    private final @Nullable RmsNorm queryNorm; // per head: Qwen3
    private final @Nullable RmsNorm keyNorm;
    private final Projection query; // to H · E
    private final Projection keyValue; // to 2 · KV · E
    private final Projection output;
    private final FeedForward feedForward;

    Block(LayerParts parts) {
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
     * @param x [N, D]
     * @param parts how the rows are divided
     * @return [N, D]
     */
    Tensor forward(Tensor x, @Nullable Embedded initial, WindowedAttention attention, Tape tape, RowParts parts) {
        List<Tensor> read = parts.map(List.of(x), rows -> {
            Tensor h = norm.forward(rows.get(0));
            return List.of(query.forward(h, tape), keyValue.forward(h, tape));
        });
        States states = states(x, read.get(0), read.get(1), initial, attention, tape);
        Tensor mixed = attention.forward(states, tape);
        return parts.map(List.of(mixed, x), rows -> List.of(finish(rows.get(0), rows.get(1), tape)))
                .get(0);
    }

    /**
     * The [SUM]s alone: nothing after the last layer reads another row.
     *
     * @param x [N, D]
     * @return [S, D]
     */
    Tensor forwardSums(Tensor x, @Nullable Embedded initial, WindowedAttention attention, Tape tape) {
        Tensor h = norm.forward(x);
        Tensor q = query.forward(h.index_select(0, attention.sumRows()), tape);
        States states = states(x, q, keyValue.forward(h, tape), initial, attention, tape);
        return finish(attention.forwardSums(states, tape), x.index_select(0, attention.sumRows()), tape);
    }

    private Tensor finish(Tensor mixed, Tensor residual, Tape tape) {
        Tensor sum = output.forward(mixed, tape).add_(residual);
        tape.save(mixed);
        return feedForward.forward(sum, tape);
    }

    private States states(
            Tensor x, Tensor q, Tensor kv, @Nullable Embedded initial, WindowedAttention attention, Tape tape) {
        Tensor initialKv = initial == null ? null : keyValue.forward(norm.forward(initial.distinct()), tape);
        tape.save(x);
        Tensor initialKeys = null;
        Tensor initialValues = null;
        if (initial != null && initialKv != null) {
            initialKeys = initial.rowsOf(normalised(keys(initialKv), keyNorm, tape), attention.keyRows());
            initialValues = initial.rowsOf(values(initialKv), attention.keyRows());
        }
        return new States(
                normalised(heads(q, 0, config.heads()), queryNorm, tape),
                new SumAttention.Keys(normalised(keys(kv), keyNorm, tape), values(kv), initialKeys, initialValues));
    }

    private static Tensor normalised(Tensor heads, @Nullable RmsNorm headNorm, Tape tape) {
        if (headNorm == null) {
            return heads;
        }
        tape.save(heads);
        return headNorm.forward(heads);
    }

    private Tensor keys(Tensor kv) {
        return heads(kv, 0, config.keyValueHeads());
    }

    private Tensor values(Tensor kv) {
        return heads(kv, config.keyValueHeads(), config.keyValueHeads());
    }

    /** Some heads of [N, x · E], a view [N, count, E]. */
    private Tensor heads(Tensor x, long from, long count) {
        return x.view(x.size(0), x.size(1) / config.headWidth(), config.headWidth())
                .narrow(1, from, count);
    }

    /**
     * The backward pass; parameters' gradients are added to the tape's sums.
     *
     * @param dy of what {@link #forward} returned
     * @param dInitial sum of the gradients of the distinct input embeddings, [U, D]; null if nobody asks for them
     * @return [N, D]
     */
    Tensor backward(
            Tensor dy,
            @Nullable Embedded initial,
            @Nullable Tensor dInitial,
            WindowedAttention attention,
            boolean sumsOnly,
            Tape tape) {
        Tensor dSum = feedForward.backward(dy, tape);
        Tensor dMixed = output.backward(dSum, tape.take(), tape);
        States gradients = sumsOnly ? attention.backwardSums(dMixed, tape) : attention.backward(dMixed, tape);
        Tensor dk = headBackward(gradients.keys().k(), keyNorm, tape);
        Tensor dq = headBackward(gradients.q(), queryNorm, tape);
        Tensor dInitialKv = initial == null ? null : initialBackward(gradients, initial, tape);
        Tensor x = tape.take();
        if (initial != null && dInitialKv != null) {
            Tensor initialStates = initial.distinct();
            Tensor r = norm.inverse(initialStates);
            Tensor dh = keyValue.backward(dInitialKv, norm.forward(initialStates, r), tape);
            if (dInitial != null) {
                dInitial.add_(norm.backward(dh, initialStates, r, tape.sums()));
            }
        }
        Tensor r = norm.inverse(x);
        Tensor h = norm.forward(x, r);
        Tensor dh = keyValue.backward(flat(Tensors.join(1, dk, gradients.keys().v())), h, tape);
        if (!sumsOnly) {
            dh.add_(query.backward(flat(dq), h, tape));
            return norm.backward(dh, x, r, tape.sums()).add_(dSum);
        }
        Tensor sumRows = attention.sumRows();
        dh.index_add_(0, sumRows, query.backward(flat(dq), h.index_select(0, sumRows), tape));
        return norm.backward(dh, x, r, tape.sums()).index_add_(0, sumRows, dSum);
    }

    private Tensor initialBackward(States gradients, Embedded initial, Tape tape) {
        Tensor initialK = gradients.keys().initialK();
        Tensor initialV = gradients.keys().initialV();
        if (initialK == null || initialV == null) {
            throw new IllegalStateException("the attention read initial states, and has no gradient of them");
        }
        Tensor dk = headBackward(initial.sumOf(initialK), keyNorm, tape);
        return flat(Tensors.join(1, dk, initial.sumOf(initialV)));
    }

    private static Tensor headBackward(Tensor dy, @Nullable RmsNorm headNorm, Tape tape) {
        if (headNorm == null) {
            return dy;
        }
        Tensor heads = tape.take();
        return headNorm.backward(dy, heads, headNorm.inverse(heads), tape.sums());
    }

    /** [N, heads, E] to [N, heads · E]. */
    private static Tensor flat(Tensor x) {
        return x.reshape(x.size(0), x.size(1) * x.size(2));
    }
}
