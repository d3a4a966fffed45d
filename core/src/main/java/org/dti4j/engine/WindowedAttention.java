package org.dti4j.engine;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Rope;
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

    private final Method method;
    private final LlamaConfig config;
    private final int rows; // R
    private final int prefixRows; // P
    private final KeyWindows keys;
    private final Rotation rotation; // [R]
    private final Rotation prefixRotation; // [P], prefix keys as queries outside the prefix see them
    private final StreamAttention stream;
    private final SumAttention sums;
    private final Tensor sumRows; // [S]
    private final Rotation sumRotation; // [S]

    WindowedAttention(Layout layout, LlamaConfig config, Placement placement, int block) {
        this.config = config;
        method = layout.method();
        prefixRows = layout.prefixRows();
        Windows windows = Windows.of(layout, block);
        rows = windows.rows();
        keys = new KeyWindows(windows, config.keyValueHeads());
        rotation = rotation(IntStream.range(0, rows).map(layout::position), placement);
        prefixRotation = Rotation.of(Rope.at(prefixPositions(), config, placement));
        sumRotation = rotation(IntStream.of(layout.sumRows()).map(layout::position), placement);
        Tensor mask = placement.reals(
                Masks.additive(layout, windows, Masks.streamRows(windows), block),
                windows.blocks(),
                block,
                prefixRows + windows.keys());
        stream = new StreamAttention(config, windows, mask);
        Tensor places = placement.integers(windows.sumSlots(), layout.targets());
        SumMask sumMask = SumMask.of(layout, windows, config, placement);
        sums = new SumAttention(config, windows, places, sumMask, prefixRows);
        sumRows = placement.integers(layout.sumRows(), layout.targets());
    }

    private Rotation rotation(IntStream positions, Placement placement) {
        return Rotation.of(Rope.at(positions.asDoubleStream().toArray(), config, placement));
    }

    /** Prefix keys meet queries that are not rotated at all, if the distance is fixed; then only the difference counts. */
    private double[] prefixPositions() {
        Double fixed = method.prefixDistance();
        double query = fixed == null ? 0 : prefixRows - 1 + fixed;
        return IntStream.range(0, prefixRows).mapToDouble(row -> row - query).toArray();
    }

    /** [S], the layout rows of the [SUM]s. */
    Tensor sumRows() {
        return sumRows;
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
     * @param k [N, KV, E]
     * @param v [N, KV, E]
     * @param initialK [R, KV, E], keys of the rows' input embeddings in this layer (section 4); null unless {@link #readsInitialStates()}
     * @param initialV the values
     */
    record States(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor initialK,
            @Nullable Tensor initialV) {}

    /** What stream and [SUM]s read, laid out for them; or sums of its gradients. */
    private record Keys(Prefix streamPrefix, Tensor rotated, Tensor v, SumAttention.Read ofSums) {}

    /**
     * All rows.
     *
     * @return [N, H · E]
     */
    Tensor forward(States states, Tape tape) {
        Keys read = keys(states);
        Tensor q = scaled(states.q());
        Tensor ofRows = q.narrow(0, 0, rows);
        Tensor rotated = rotation.forward(ofRows);
        Tensor toPrefix = fixedPrefix() ? ofRows : null;
        Tensor out = stream.forward(rotated, toPrefix, read.streamPrefix(), read.rotated(), read.v(), tape);
        if (method.probes()) {
            Tensor ofSums = attendSums(q.index_select(0, sumRows), read.ofSums(), tape);
            out = method.sumHidden() ? Tensors.join(0, out, ofSums) : out.index_copy(0, sumRows, ofSums);
        }
        save(states, tape);
        return out.reshape(out.size(0), width());
    }

    /**
     * [SUM]s alone: all that the last layer needs.
     *
     * @return [S, H · E]
     */
    Tensor forwardSums(States states, Tape tape) {
        Tensor out = attendSums(scaled(states.q()), keys(states).ofSums(), tape);
        save(states, tape);
        return out.reshape(out.size(0), width());
    }

    private Tensor attendSums(Tensor q, SumAttention.Read read, Tape tape) {
        if (!rotatesSums()) {
            return sums.forward(q, null, read, tape);
        }
        Tensor rotated = sumRotation.forward(q);
        return sums.forward(rotated, fixedPrefix() ? q : null, read, tape);
    }

    private void save(States states, Tape tape) {
        tape.save(states.k());
        tape.save(states.v());
        if (states.initialK() != null && states.initialV() != null) {
            tape.save(states.initialK());
            tape.save(states.initialV());
        }
    }

    private States take(Tape tape) {
        Tensor initialV = method.reset() ? tape.take() : null;
        Tensor initialK = method.reset() ? tape.take() : null;
        Tensor v = tape.take();
        Tensor k = tape.take();
        return new States(k, k, v, initialK, initialV);
    }

    /** The same in both passes: cheaper to lay out again than to hold. */
    private Keys keys(States states) {
        Tensor k = states.k().narrow(0, 0, rows);
        Tensor v = states.v().narrow(0, 0, rows);
        Tensor rotated = rotation.forward(k);
        Tensor prefixK = k.narrow(0, 0, prefixRows);
        Tensor prefixV = v.narrow(0, 0, prefixRows);
        Tensor seen = fixedPrefix() ? prefixRotation.forward(prefixK) : rotated.narrow(0, 0, prefixRows);
        Prefix prefix = Prefix.ofRows(seen, prefixV);
        Tensor rotatedKeys = keys.pack(rotated);
        Tensor values = keys.pack(v);
        boolean hidden = method.sumHidden();
        SumAttention.Read ofSums = new SumAttention.Read(
                rotatesSums() ? prefix : Prefix.ofRows(prefixK, prefixV),
                rotatesSums() ? rotatedKeys : keys.pack(k),
                values,
                states.initialK() == null ? null : keys.pack(asSumsSee(states.initialK(), rotation)),
                states.initialV() == null ? null : keys.pack(states.initialV()),
                hidden ? asSumsSee(states.k().index_select(0, sumRows), sumRotation) : null,
                hidden ? states.v().index_select(0, sumRows) : null);
        return new Keys(prefix, rotatedKeys, values, ofSums);
    }

    /** Sums of gradients, zero as yet; what is one array in both is one sum. */
    private Keys zeros(Keys read) {
        Prefix prefix = read.streamPrefix().zeros();
        SumAttention.Read ofSums = read.ofSums();
        Tensor rotated = zeros(read.rotated());
        Tensor v = zeros(read.v());
        SumAttention.Read sumsOfSums = new SumAttention.Read(
                rotatesSums() ? prefix : ofSums.prefix().zeros(),
                rotatesSums() ? rotated : zeros(ofSums.k()),
                v,
                ofSums.initialK() == null ? null : zeros(ofSums.initialK()),
                ofSums.initialV() == null ? null : zeros(ofSums.initialV()),
                null,
                null);
        return new Keys(prefix, rotated, v, sumsOfSums);
    }

    private Tensor zeros(Tensor array) {
        return keys.zeros(array, config.headWidth());
    }

    /**
     * The backward pass of {@link #forward}.
     *
     * @param dOut [N, H · E]
     */
    States backward(Tensor dOut, Tape tape) {
        States states = take(tape);
        Keys read = keys(states);
        Keys gradients = zeros(read);
        Tensor byHead = dOut.view(dOut.size(0), config.heads(), config.headWidth());
        Tensor ofRows = byHead.narrow(0, 0, rows);
        SumGradients ofSums = null;
        if (method.probes()) {
            ofSums = sumsBackward(byHead.index_select(0, sumRows), read, gradients, tape);
            ofRows = method.sumHidden() ? ofRows : ofRows.index_fill(0, sumRows, new Scalar(0.0));
        }
        StreamAttention.Gradients found = stream.backward(
                ofRows,
                read.streamPrefix(),
                gradients.streamPrefix(),
                read.rotated(),
                read.v(),
                gradients.rotated(),
                gradients.v(),
                tape);
        Tensor dq = rotation.backward(found.q());
        if (found.qOfPrefix() != null) {
            dq.add_(found.qOfPrefix());
        }
        if (ofSums != null) {
            dq = method.sumHidden() ? Tensors.join(0, dq, ofSums.q()) : dq.index_add_(0, sumRows, ofSums.q());
        }
        return gradients(dq, states, gradients, ofSums);
    }

    /**
     * The backward pass of {@link #forwardSums}; the gradient of the query is [S, H, E].
     *
     * @param dOut [S, H · E]
     */
    States backwardSums(Tensor dOut, Tape tape) {
        States states = take(tape);
        Keys read = keys(states);
        Keys gradients = zeros(read);
        Tensor byHead = dOut.view(dOut.size(0), config.heads(), config.headWidth());
        SumGradients ofSums = sumsBackward(byHead, read, gradients, tape);
        return gradients(ofSums.q(), states, gradients, ofSums);
    }

    /** By the [SUM]s' queries, and by their own keys and values where they are hidden; before rotation. */
    private record SumGradients(
            Tensor q, @Nullable Tensor ownK, @Nullable Tensor ownV) {}

    private SumGradients sumsBackward(Tensor dOut, Keys read, Keys gradients, Tape tape) {
        SumAttention.Gradients found = sums.backward(dOut, read.ofSums(), gradients.ofSums(), tape);
        Tensor dq = rotatesSums() ? sumRotation.backward(found.q()) : found.q();
        Tensor ownK = found.ownK();
        return new SumGradients(
                found.qOfPrefix() == null ? dq : dq.add_(found.qOfPrefix()),
                ownK != null && rotatesSums() ? sumRotation.backward(ownK) : ownK,
                found.ownV());
    }

    private States gradients(Tensor dq, States states, Keys sum, @Nullable SumGradients ofSums) {
        Tensor ofRotated = keys.unpack(sum.rotated()).contiguous();
        if (!fixedPrefix()) {
            addToPrefix(ofRotated, sum.streamPrefix().k());
        }
        Tensor dk = rotation.backward(ofRotated);
        Tensor dv = keys.unpack(sum.v()).contiguous();
        addToPrefix(dv, sum.streamPrefix().v());
        if (fixedPrefix()) {
            addToPrefix(
                    dk,
                    prefixRotation
                            .backward(sum.streamPrefix().k().transpose(0, 1))
                            .transpose(0, 1));
        }
        if (!rotatesSums()) {
            dk.add_(keys.unpack(sum.ofSums().k()));
            addToPrefix(dk, sum.ofSums().prefix().k());
            addToPrefix(dv, sum.ofSums().prefix().v());
        }
        return new States(
                dq.mul_(new Scalar(scale())),
                allRows(dk, states.k(), ofSums == null ? null : ofSums.ownK()),
                allRows(dv, states.v(), ofSums == null ? null : ofSums.ownV()),
                unpackInitialK(sum.ofSums().initialK()),
                sum.ofSums().initialV() == null
                        ? null
                        : keys.unpack(sum.ofSums().initialV()));
    }

    private @Nullable Tensor unpackInitialK(@Nullable Tensor sum) {
        if (sum == null) {
            return null;
        }
        Tensor rowsOf = keys.unpack(sum);
        return rotatesSums() ? rotation.backward(rowsOf) : rowsOf;
    }

    /** Adds [KV, P, E] to the first rows. */
    private void addToPrefix(Tensor ofRows, Tensor gradient) {
        ofRows.narrow(0, 0, prefixRows).add_(gradient.transpose(0, 1));
    }

    /** From the R rows that can be keys to all N: hidden [SUM]s are keys to themselves alone. */
    private Tensor allRows(Tensor ofKeys, Tensor like, @Nullable Tensor own) {
        if (like.size(0) == rows) {
            return ofKeys;
        }
        Tensor all = torch.zeros_like(like);
        all.narrow(0, 0, rows).copy_(ofKeys);
        return own == null ? all : all.index_copy_(0, sumRows, own);
    }

    private Tensor asSumsSee(Tensor k, Rotation at) {
        return rotatesSums() ? at.forward(k) : k;
    }

    private boolean rotatesSums() {
        return method.sumPosition() == Method.SumPosition.ROPE;
    }

    private boolean fixedPrefix() {
        return method.prefixDistance() != null;
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
