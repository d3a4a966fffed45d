package org.dti4j.engine;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;

/** What is added to the scores of {@link BranchAttention}: docs/method.md section 3 for rows that follow a {@link UserStream}. */
record BranchMasks(Method method, LlamaConfig config, Placement placement) {
    /** A prefix reads itself, causally: [1, 1, 1, P, P]. */
    Tensor prefix(int rows) {
        float[] mask = new float[rows * rows];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(mask, row * rows + row + 1, (row + 1) * rows, Masks.NOT_SEEN);
        }
        return placement.reals(mask, 1, 1, 1, rows, rows);
    }

    /**
     * Rows that go on with a stream.
     *
     * @param interactions [T] which interaction of the stream each new row is of
     * @return [1, 1, 1, T, P + R + T]
     */
    Tensor rows(UserStream stream, int[] interactions, int prefix) {
        int context = stream.rows();
        int rows = interactions.length;
        int width = prefix + context + rows;
        float[] mask = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            int at = row * width + prefix;
            for (int key = 0; key < context; key++) {
                mask[at + key] = seen(interactions[row] - stream.rowInteraction(key));
            }
            for (int key = 0; key < rows; key++) {
                mask[at + context + key] = key <= row ? seen(interactions[row] - interactions[key]) : Masks.NOT_SEEN;
            }
        }
        return placement.reals(mask, 1, 1, 1, rows, width);
    }

    private float seen(int distance) {
        boolean sees = method.isolatedItems() ? distance == 0 : distance <= method.context();
        return sees ? 0 : Masks.NOT_SEEN;
    }

    /**
     * The [SUM] of each branch over prefix, stream, its item's rows (of which there are places for the longest) and itself.
     *
     * @param lengths [C] tokens of each item
     * @return [KV or 1, C, G or 1, 1, P + R + T + 1]
     */
    Tensor sums(UserStream stream, int[] lengths, int longest, int prefix) {
        int context = stream.rows();
        int width = prefix + context + longest + 1;
        float[] unseen = new float[lengths.length * width];
        float[] distances = new float[lengths.length * width];
        for (int branch = 0; branch < lengths.length; branch++) {
            int at = branch * width + prefix;
            Arrays.fill(distances, branch * width, at, (float) method.alibiPrefixDistance());
            int position = stream.position + lengths[branch];
            for (int key = 0; key < context; key++) {
                distances[at + key] = position - stream.rowPosition(key);
            }
            for (int key = 0; key < longest; key++) {
                boolean padding = key >= lengths[branch];
                unseen[at + context + key] = padding ? Masks.NOT_SEEN : 0;
                distances[at + context + key] = padding ? 0 : lengths[branch] - key;
            }
        }
        long[] shape = {1, lengths.length, 1, 1, width};
        Tensor mask = placement.floats(unseen, shape);
        if (method.sumPosition() == Method.SumPosition.ALIBI) {
            double[] slopes = method.slopes(config.heads());
            float[] byHead = new float[slopes.length];
            for (int head = 0; head < byHead.length; head++) {
                byHead[head] = (float) slopes[head];
            }
            Tensor perHead = placement.floats(byHead, config.keyValueHeads(), 1, config.groupSize(), 1, 1);
            mask = mask.sub(perHead.mul(placement.floats(distances, shape)));
        }
        return placement.cast(mask);
    }

    /** alpha(d) of each row of a stream as the next interaction's [SUM] sees it, [R, 1, 1]. */
    Tensor resetRatios(UserStream stream) {
        float[] ratios = new float[stream.rows()];
        for (int row = 0; row < ratios.length; row++) {
            ratios[row] = (float) method.resetRatio(stream.interactions - stream.rowInteraction(row));
        }
        return placement.reals(ratios, ratios.length, 1, 1);
    }
}
