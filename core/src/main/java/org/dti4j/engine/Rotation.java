package org.dti4j.engine;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Layout;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Rope;
import org.dti4j.tensor.Placement;

/**
 * RoPE of some rows, and its inverse, which is also its transpose: the backward pass.
 *
 * @param cos [rows, 1, E]
 * @param sin [rows, 1, E / 2]
 */
record Rotation(Tensor cos, Tensor sin) {
    /** One row per position. */
    static Rotation of(IntStream positions, LlamaConfig config, Placement placement) {
        return of(Rope.at(positions.asDoubleStream().toArray(), config, placement));
    }

    /** Prefix keys as queries at a fixed distance see them, which are not rotated at all: then only the difference counts. */
    static Rotation ofPrefix(Layout layout, LlamaConfig config, Placement placement) {
        Double fixed = layout.method().prefixDistance();
        double query = fixed == null ? 0 : layout.prefixRows() - 1 + fixed;
        double[] positions = IntStream.range(0, layout.prefixRows())
                .mapToDouble(row -> row - query)
                .toArray();
        return of(Rope.at(positions, config, placement));
    }

    private static Rotation of(Rope rope) {
        return new Rotation(rope.cos(), rope.sin().narrow(2, 0, rope.sin().size(2) / 2));
    }

    /** Rotates x [rows, heads, E]. */
    Tensor forward(Tensor x) {
        return turn(x, 1);
    }

    Tensor backward(Tensor dy) {
        return turn(dy, -1);
    }

    private Tensor turn(Tensor x, double direction) {
        long half = x.size(2) / 2;
        Tensor y = x.mul(cos);
        y.narrow(2, 0, half).addcmul_(x.narrow(2, half, half), sin, new Scalar(-direction));
        y.narrow(2, half, half).addcmul_(x.narrow(2, 0, half), sin, new Scalar(direction));
        return y;
    }
}
