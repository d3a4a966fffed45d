package org.dti4j.model;

import org.dti4j.problem.Problems;

/**
 * The {@code llama3} scaling of RoPE frequencies (Llama 3.1): long wavelengths are stretched by {@code factor}, short ones kept,
 * those between interpolated.
 *
 * @param factor how far long wavelengths are stretched
 * @param lowFrequencyFactor wavelengths above {@code originalContext / lowFrequencyFactor} are stretched wholly
 * @param highFrequencyFactor wavelengths below {@code originalContext / highFrequencyFactor} are kept
 * @param originalContext tokens of context that the checkpoint was first trained with
 */
public record RopeScaling(
        double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext) {
    public RopeScaling {
        Problems.in("rope_scaling")
                .require(factor > 0, "factor", factor, "> 0")
                .require(lowFrequencyFactor > 0, "low_freq_factor", lowFrequencyFactor, "> 0")
                .require(
                        highFrequencyFactor > lowFrequencyFactor,
                        "high_freq_factor",
                        highFrequencyFactor,
                        "> low_freq_factor")
                .require(originalContext > 0, "original_max_position_embeddings", originalContext, "> 0")
                .throwIfAny();
    }

    /** The scaled frequency of one that the plain RoPE has. */
    double scale(double frequency) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength > originalContext / lowFrequencyFactor) {
            return frequency / factor;
        }
        if (wavelength < originalContext / highFrequencyFactor) {
            return frequency;
        }
        double kept = (originalContext / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
        return (1 - kept) * frequency / factor + kept * frequency;
    }
}
