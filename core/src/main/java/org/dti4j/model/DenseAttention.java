package org.dti4j.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.TokenKind;
import org.dti4j.method.Visibility;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The definition: every score matrix is dense, [H, N, N], and every pair of rows is asked of {@link Visibility}. Slow on purpose;
 * The windowed attention of the engine is tested against it.
 */
public final class DenseAttention {
    private final LlamaConfig config;
    private final Method method;
    private final int rows;
    private final int prefixRows;
    private final Rope rope;
    private final Rope prefixRope;
    private final Tensor mask; // [N, N], 0 where a row may attend, else -infinity
    private final Tensor alpha; // [N, N]
    private final Tensor distance; // [N, N]
    private final Tensor fromFixed; // [N, N] true where a score is taken at the fixed prefix distance
    private final Tensor sumRows; // [S]
    private final Tensor sumQuery; // [N, 1] true for [SUM] rows
    private final Tensor slopes; // [H, 1, 1]

    public DenseAttention(Layout layout, LlamaConfig config, Placement placement) {
        this.config = config;
        this.method = layout.method();
        this.rows = layout.rows();
        this.prefixRows = layout.prefixRows();
        double[] positions =
                IntStream.range(0, rows).mapToDouble(layout::position).toArray();
        rope = Rope.at(positions, config, placement);
        Double fixed = method.prefixDistance();
        double[] asSeen = positions.clone();
        for (int row = 0; fixed != null && row < prefixRows; row++) {
            asSeen[row] = row - (prefixRows - 1 + fixed); // relative to the query, which is not rotated
        }
        prefixRope = Rope.at(asSeen, config, placement);
        Visibility visibility = new Visibility(layout);
        float[] masks = new float[rows * rows];
        float[] alphas = new float[rows * rows];
        float[] distances = new float[rows * rows];
        float[] fixeds = new float[rows * rows];
        for (int at = 0; at < rows * rows; at++) {
            int query = at / rows;
            int key = at % rows;
            masks[at] = visibility.mayAttend(query, key) ? 0 : Float.NEGATIVE_INFINITY;
            alphas[at] = (float) visibility.resetRatio(query, key);
            distances[at] = (float) visibility.distance(query, key);
            fixeds[at] = fixed != null && query >= prefixRows && key < prefixRows ? 1 : 0;
        }
        mask = placement.reals(masks, rows, rows);
        alpha = placement.reals(alphas, rows, rows);
        distance = placement.reals(distances, rows, rows);
        fromFixed = placement.floats(fixeds, rows, rows).gt(new Scalar(0.5));
        float[] sums = new float[rows];
        for (int row = 0; row < rows; row++) {
            sums[row] = layout.kind(row) == TokenKind.SUM ? 1 : 0;
        }
        sumQuery = placement.floats(sums, rows, 1).gt(new Scalar(0.5));
        sumRows = placement.integers(layout.sumRows(), layout.targets());
        slopes = placement.reals(method.slopes(config.heads()), config.heads(), 1, 1);
    }

    /** Whether {@link #attend} wants the initial keys and values (the hidden-state reset). */
    boolean readsInitialStates() {
        return method.reset();
    }

    /**
     * @param q [N, H, E], not yet rotated
     * @param k [N, KV, E], not yet rotated
     * @param v [N, KV, E]
     * @param initial keys and values of the rows' input embeddings, in this layer; null unless {@link #readsInitialStates()}
     * @return [N, H · E]
     */
    Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Initial initial) {
        Tensor scaled = q.mul(new Scalar(1 / Math.sqrt(config.headWidth())));
        Tensor initialK = initial == null ? k : initial.k();
        Tensor initialV = initial == null ? v : initial.v();
        Tensor kept = alpha.neg().add(new Scalar(1.0));
        Tensor score = scores(rope.rotate(scaled), rope.rotate(k));
        score = torch.where(fromFixed, scores(scaled, prefixRope.rotate(k)), score);
        score = switch (method.sumPosition()) {
            case ALIBI -> {
                Tensor mixed = kept.mul(scores(scaled, k)).add(alpha.mul(scores(scaled, initialK)));
                yield torch.where(sumQuery, mixed.sub(slopes.mul(distance)), score);
            }
            case ROPE -> kept.mul(score).add(alpha.mul(scores(rope.rotate(scaled), rope.rotate(initialK))));
        };
        Tensor share = score.add(mask).softmax(-1); // [H, N, N]
        Tensor out = share.mul(kept).matmul(heads(v)).add(share.mul(alpha).matmul(heads(initialV)));
        return out.transpose(0, 1).reshape(rows, (long) config.heads() * config.headWidth());
    }

    /**
     * The same for the [SUM]s alone: all that the last layer needs.
     *
     * @param q [S, H, E], the queries of the layout's [SUM]s in the order of its targets, not yet rotated
     * @return [S, H · E]
     */
    Tensor attendSums(Tensor q, Tensor k, Tensor v, @Nullable Initial initial) {
        Tensor others = q.narrow(0, 0, 1).detach().expand(rows, config.heads(), config.headWidth());
        return attend(others.index_copy(0, sumRows, q), k, v, initial).index_select(0, sumRows);
    }

    /** [H, N, N]. */
    private Tensor scores(Tensor queries, Tensor keys) {
        return queries.transpose(0, 1).matmul(heads(keys).transpose(1, 2));
    }

    /** [N, KV, E] to [H, N, E]: each key-value head repeated for the query heads that share it. */
    private Tensor heads(Tensor states) {
        Tensor[] repeated = new Tensor[config.groupSize()];
        Arrays.fill(repeated, states.transpose(0, 1).unsqueeze(1));
        return Tensors.join(1, repeated).reshape(config.heads(), rows, config.headWidth());
    }

    /**
     * Keys and values of the input embeddings: k⁰, v⁰.
     *
     * @param k [N, KV, E], not rotated
     * @param v [N, KV, E]
     */
    record Initial(Tensor k, Tensor v) {}
}
