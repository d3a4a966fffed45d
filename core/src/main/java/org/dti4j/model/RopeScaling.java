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
}
