package org.dti4j.engine;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.Windows;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores of [SUM]s, and how far their keys are reset; the same in every layer.
 *
 * @param additive [1 or KV, B, 1 or G, M, P + W (+ 1)]: 0, minus the ALiBi penalty, or {@link Masks#NOT_SEEN}
 * @param alpha [B, 1, M, W], alpha(d) of section 4, the share of the initial state; null without reset
 */
record SumMask(Tensor additive, @Nullable Tensor alpha) {
    static SumMask of(Layout layout, Windows windows, LlamaConfig config, Placement placement) {
        Method method = layout.method();
        int perBlock = windows.sumsPerBlock();
        int[] sums = windows.sumRows();
        long[] shape = {1, windows.blocks(), 1, perBlock, layout.prefixRows() + windows.keys()};
        Tensor additive = placement.floats(Masks.additive(layout, windows, sums, perBlock), shape);
        if (method.sumPosition() == Method.SumPosition.ALIBI) {
            long[] byHead = {config.keyValueHeads(), 1, config.groupSize(), 1, 1};
            Tensor slopes = placement.floats(toFloats(method.slopes(config.heads())), byHead);
            Tensor distances = placement.floats(Masks.distances(layout, windows, sums, perBlock), shape);
            additive = additive.sub(slopes.mul(distances));
        }
        if (method.sumHidden()) {
            Tensor itself = additive.narrow(4, 0, 1).mul(new Scalar(0.0));
            additive = Tensors.join(4, additive, itself);
        }
        Tensor alpha = method.reset()
                ? placement.reals(
                        Masks.resetRatios(layout, windows, sums, perBlock),
                        windows.blocks(),
                        1,
                        perBlock,
                        windows.keys())
                : null;
        return new SumMask(placement.cast(additive), alpha);
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
