package org.dti4j.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Tensors;

/**
 * Rotary position embedding in the half-split convention of Hugging Face's checkpoints: the angles of some positions, and the
 * rotation of states by them.
 *
 * @param cos [rows, 1, E]
 * @param sin [rows, 1, E]
 */
public record Rope(Tensor cos, Tensor sin) {
    /** The rotation of one row per position; positions may be negative. */
    public static Rope at(double[] positions, LlamaConfig config, Placement placement) {
        double[] frequencies = inverseFrequencies(config);
        int half = frequencies.length;
        float[] cos = new float[positions.length * 2 * half];
        float[] sin = new float[positions.length * 2 * half];
        for (int row = 0; row < positions.length; row++) {
            for (int i = 0; i < half; i++) {
                double angle = positions[row] * frequencies[i];
                int at = row * 2 * half + i;
                cos[at] = cos[at + half] = (float) Math.cos(angle);
                sin[at] = sin[at + half] = (float) Math.sin(angle);
            }
        }
        return new Rope(
                placement.reals(cos, positions.length, 1, 2L * half),
                placement.reals(sin, positions.length, 1, 2L * half));
    }

    /** Rotates x [rows, heads, E]. */
    public Tensor rotate(Tensor x) {
        long half = x.size(2) / 2;
        Tensor turned = Tensors.join(2, x.narrow(2, half, half).mul(new Scalar(-1.0)), x.narrow(2, 0, half));
        return x.mul(cos).add(turned.mul(sin));
    }

    /** The rotation of some of the rows. */
    Rope select(Tensor rows) {
        return new Rope(cos.index_select(0, rows), sin.index_select(0, rows));
    }

    /** Radians per position, of each pair of dimensions [E / 2], with the {@code llama3} scaling where the config has it. */
    static double[] inverseFrequencies(LlamaConfig config) {
        double[] frequencies = new double[config.headWidth() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double plain = Math.pow(config.ropeTheta(), -2.0 * i / config.headWidth());
            RopeScaling scaling = config.ropeScaling();
            frequencies[i] = scaling == null ? plain : scaling.scale(plain);
        }
        return frequencies;
    }
}
