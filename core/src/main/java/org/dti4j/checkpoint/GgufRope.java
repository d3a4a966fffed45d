package org.dti4j.checkpoint;

import java.nio.file.Path;
import org.dti4j.model.RopeScaling;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@code llama3} scaling from the factors that llama.cpp stores in its stead, one for each frequency, by which it divides. Only
 * the constants of the published Llama 3.1 and 3.2 checkpoints are known: whatever factors they do not explain are refused.
 */
final class GgufRope {
    private static final double LOW = 1;
    private static final double HIGH = 4;
    private static final double ORIGINAL_CONTEXT = 8192;

    /** The factors are stored in 32 bits, and were computed from frequencies of 32 bits. */
    private static final double TOLERANCE = 1e-4;

    private GgufRope() {}

    /** The scaling whose factors are {@code factors}, or null if they scale nothing. */
    static @Nullable RopeScaling scaling(Path file, float[] factors, double theta) {
        double largest = 1;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        RopeScaling scaling = new RopeScaling(largest, LOW, HIGH, ORIGINAL_CONTEXT);
        for (int i = 0; i < factors.length; i++) {
            double expected = factor(scaling, Math.pow(theta, -(double) i / factors.length));
            if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
                throw new UserException(
                        ("%s: %s[%d] = %s, must be %s: only the llama3 scaling of Llama 3.1 (low 1, high 4, original context 8192)"
                                        + " is supported; give the model as a Hugging Face folder")
                                .formatted(file, GgufNames.ROPE_FACTORS, i, factors[i], expected));
            }
        }
        return largest == 1 ? null : scaling;
    }

    /** By how much the {@code llama3} scaling divides a frequency. */
    static double factor(RopeScaling scaling, double frequency) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < scaling.originalContext() / scaling.highFrequencyFactor()) {
            return 1;
        }
        if (wavelength > scaling.originalContext() / scaling.lowFrequencyFactor()) {
            return scaling.factor();
        }
        double smooth = (scaling.originalContext() / wavelength - scaling.lowFrequencyFactor())
                / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
        return 1 / ((1 - smooth) / scaling.factor() + smooth);
    }
}
