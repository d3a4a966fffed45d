package org.dti4j.method;

import java.util.Arrays;
import java.util.List;
import org.dti4j.prompt.Prompt;

/**
 * Prompts laid out for the model as one packed sequence of N rows, without padding (docs/method.md sections 2 and 3):
 *
 * <pre>
 * rows 0 .. P-1      the prefix, once for all prompts: its tokens see nothing else, so its states are the same in each
 * rows P .. P+T-1    the stream tokens of each prompt in turn; [SUM]s among them if the method does not hide them
 * rows P+T .. N-1    the [SUM]s, if the method hides them
 * </pre>
 *
 * What a row sees is the prefix, or not; an interval of stream rows; and itself. {@link Visibility} says the same by the
 * definition.
 */
public final class Layout {
    private final Method method;
    private final int prefixRows;
    private final int streamRows;
    private final int[] ids;
    private final TokenKind[] kinds;
    private final int[] prompts;
    private final int[] interactions;
    private final int[] positions;
    private final int[] orders;
    private final int[] sees;
    private final int[] seesEnd;
    private final int[] sumRows;
    private final boolean[] labels;

    Layout(LayoutBuilder builder) {
        method = builder.method;
        prefixRows = builder.prefixRows;
        streamRows = builder.streamRows;
        ids = builder.ids;
        kinds = builder.kinds;
        prompts = builder.prompts;
        interactions = builder.interactions;
        positions = builder.positions;
        orders = builder.orders;
        sees = builder.sees;
        seesEnd = builder.seesEnd;
        sumRows = builder.sumRows;
        labels = builder.labels;
    }

    /**
     * Lays out prompts that share one prefix.
     *
     * @param sumId the token id of [SUM]
     */
    public static Layout of(List<Prompt> prompts, Method method, int sumId) {
        return new LayoutBuilder(prompts, method, sumId).build();
    }

    public Method method() {
        return method;
    }

    /** N, all rows. */
    public int rows() {
        return ids.length;
    }

    /** P. */
    public int prefixRows() {
        return prefixRows;
    }

    /** T, the rows that keys are taken from, besides the prefix. */
    public int streamRows() {
        return streamRows;
    }

    /** S, the targets of all prompts. */
    public int targets() {
        return sumRows.length;
    }

    public int id(int row) {
        return ids[row];
    }

    public int[] ids() {
        return ids.clone();
    }

    public TokenKind kind(int row) {
        return kinds[row];
    }

    /** The prompt that a row belongs to, -1 for the prefix. */
    public int prompt(int row) {
        return prompts[row];
    }

    /** The interaction that a row belongs to, counted from the start of its prompt; -1 for the prefix. */
    public int interaction(int row) {
        return interactions[row];
    }

    /** Stream position: the prefix counts, [SUM]s only if they consume one. */
    public int position(int row) {
        return positions[row];
    }

    /** Place of a row in its prompt as it is written, [SUM]s included: causality is by this. */
    public int order(int row) {
        return orders[row];
    }

    /** The first stream row (0 .. T) that a row sees; meaningless for the prefix. */
    public int seesFrom(int row) {
        return sees[row];
    }

    /** The stream row (0 .. T) after the last that a row sees. */
    public int seesTo(int row) {
        return seesEnd[row];
    }

    /** Whether a row outside the prefix sees the prefix. */
    public boolean seesPrefix(int row) {
        return !method.windowed() || method.prefixAlways() || interactions[row] <= method.context();
    }

    /** The row of each target's [SUM], targets in the order of prompts and interactions. */
    public int[] sumRows() {
        return sumRows.clone();
    }

    /** The label of each target. */
    public boolean label(int target) {
        return labels[target];
    }

    public boolean[] labels() {
        return labels.clone();
    }

    @Override
    public String toString() {
        return "Layout[prefix=%d, stream=%d, targets=%d, ids=%s]"
                .formatted(prefixRows, streamRows, sumRows.length, Arrays.toString(ids));
    }
}
