package org.dti4j.score;

import org.dti4j.problem.Problems;

/**
 * The section {@code evaluate} of a run's configuration.
 *
 * @param layout of the prompts that are scored
 * @param maxTargets at most so many targets of the part, drawn by {@code seed}; 0 for all
 * @param tokensPerBatch bound of tokens in one forward pass
 * @param seed of the draw and of the bootstrap
 */
public record EvaluateConfig(EvaluationLayout layout, int maxTargets, int tokensPerBatch, long seed) {
    /** How targets are laid out when they are scored (docs/method.md section 6). */
    public enum EvaluationLayout {
        /** The paper's: one prompt per target. */
        SLIDING,
        /** Streams as in training. */
        STREAM
    }

    public EvaluateConfig {
        Problems.in("evaluate")
                .require(maxTargets >= 0, "maxTargets", maxTargets, ">= 0 (0 for all)")
                .require(tokensPerBatch >= 1, "tokensPerBatch", tokensPerBatch, ">= 1")
                .throwIfAny();
    }

    public static EvaluateConfig defaults() {
        return new EvaluateConfig(EvaluationLayout.SLIDING, 0, 4096, 1);
    }
}
