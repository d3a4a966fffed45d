package org.dti4j.model;

import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.BlockGrid;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores of a grid of blocks, and how far its keys are reset; the same in every layer.
 *
 * @param additive [1 or KV, B, 1 or G, M, P + W (+ 1)]: 0, minus the ALiBi penalty, or "not seen"
 * @param alpha [B, 1, M, W], the share of the initial state; null without reset
 */
record BlockBias(Tensor additive, @Nullable Tensor alpha) {
    /** Not -infinity: a row of padding that sees nothing must stay finite. */
    private static final double NOT_SEEN = -1e30;

    /** Of ordinary rows: windows only. */
    static BlockBias ofStream(Layout layout, BlockGrid grid, Placement placement) {
        Seen seen = new Seen(layout, grid, placement);
        return new BlockBias(Tensors.join(4, seen.prefix(), seen.window()), null);
    }

    /** Of [SUM]s: windows, ALiBi and reset as the method has them. */
    static BlockBias ofSums(Layout layout, BlockGrid grid, LlamaConfig config, Placement placement) {
        Method method = layout.method();
        Seen seen = new Seen(layout, grid, placement);
        Tensor prefix = seen.prefix();
        Tensor window = seen.window();
        Tensor itself = placement.cast(placement.place(torch.zeros(1, grid.blocks(), 1, grid.queriesPerBlock(), 1)));
        if (method.sumPosition() == Method.SumPosition.ALIBI) {
            long[] byHead = {config.keyValueHeads(), 1, config.groupSize(), 1, 1};
            Tensor slopes = placement.reals(method.slopes(config.heads()), byHead);
            window = window.sub(slopes.mul(placement.cast(seen.distance(layout::position))));
            prefix = prefix.expand(window.size(0), prefix.size(1), window.size(2), prefix.size(3), prefix.size(4));
            itself = itself.expand(window.size(0), itself.size(1), window.size(2), itself.size(3), 1);
        }
        Tensor additive =
                method.sumHidden() ? Tensors.join(4, prefix, window, itself) : Tensors.join(4, prefix, window);
        return new BlockBias(additive, method.reset() ? alpha(method, seen, placement) : null);
    }

    /** alpha(d) of section 4, natively: 0 at d = 0. */
    private static Tensor alpha(Method method, Seen seen, Placement placement) {
        Tensor d = seen.distance(seen.layout::interaction);
        Tensor sigmoid = d.sub(new Scalar(method.context() / 2.0))
                .mul(new Scalar(1 / method.resetTemperature()))
                .sigmoid();
        Tensor ratio =
                sigmoid.mul(new Scalar(method.resetMax() - method.resetMin())).add(new Scalar(method.resetMin()));
        return placement
                .cast(torch.where(d.gt(new Scalar(0.0)), ratio, new Scalar(0.0)))
                .squeeze(0);
    }

    /** The queries and keys of a grid, side by side. */
    private static final class Seen {
        private final Layout layout;
        private final BlockGrid grid;
        private final Placement placement;
        private final int[] queryRows;
        private final int[] keyRows;

        Seen(Layout layout, BlockGrid grid, Placement placement) {
            this.layout = layout;
            this.grid = grid;
            this.placement = placement;
            queryRows = grid.queryRows();
            keyRows = grid.keyRows(layout.streamRows());
        }

        /** [1, B, 1, M, P]. */
        Tensor prefix() {
            Tensor sees = ofQueries(row -> layout.seesPrefix(row) ? 1 : 0, 0).gt(new Scalar(0.0));
            return unlessSeen(sees.expand(1, grid.blocks(), 1, grid.queriesPerBlock(), layout.prefixRows()));
        }

        /** [1, B, 1, M, W]. */
        Tensor window() {
            Tensor key = placement.integers(keyRows, 1, grid.blocks(), 1, 1, grid.keysPerBlock());
            Tensor from = ofQueries(layout::seesFrom, 0);
            Tensor to = ofQueries(layout::seesTo, 0);
            return unlessSeen(key.ge(from).logical_and(key.lt(to)));
        }

        /** [1, B, 1, M, W] float32, by how much a property of the query exceeds that of the key, at least 0. */
        Tensor distance(IntUnaryOperator property) {
            int[] ofKeys = new int[keyRows.length];
            for (int i = 0; i < ofKeys.length; i++) {
                ofKeys[i] = keyRows[i] == BlockGrid.NONE ? 0 : property.applyAsInt(layout.prefixRows() + keyRows[i]);
            }
            Tensor keys = placement.integers(ofKeys, 1, grid.blocks(), 1, 1, grid.keysPerBlock());
            return ofQueries(property, 0).sub(keys).clamp_min(new Scalar(0.0)).to(torch.ScalarType.Float);
        }

        private Tensor ofQueries(IntUnaryOperator property, int otherwise) {
            int[] values = new int[queryRows.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = queryRows[i] == BlockGrid.NONE ? otherwise : property.applyAsInt(queryRows[i]);
            }
            return placement.integers(values, 1, grid.blocks(), 1, grid.queriesPerBlock(), 1);
        }

        private Tensor unlessSeen(Tensor seen) {
            Tensor zero = placement.cast(placement.place(torch.zeros(1)));
            return torch.where(seen, zero, placement.cast(zero.add(new Scalar(NOT_SEEN))));
        }
    }
}
