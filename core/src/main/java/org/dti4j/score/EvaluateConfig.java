package org.dti4j.score;

import io.soabase.recordbuilder.core.RecordBuilder;
import org.dti4j.problem.Problems;
import org.dti4j.prompt.TargetSet;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code evaluate} of a run's configuration.
 *
 * @param layout of the prompts that are scored
 * @param maxTargets at most so many targets of the part, drawn by {@code seed}; 0 for all
 * @param draw what they are drawn by; null for what suits the layout: targets for sliding windows, users for streams
 * @param tokensPerBatch bound of tokens in one forward pass
 * @param seed of the draw and of the bootstrap
 */
@RecordBuilder
public record EvaluateConfig(
        EvaluationLayout layout, int maxTargets, @Nullable Draw draw, int tokensPerBatch, long seed)
        implements EvaluateConfigBuilder.With {
    /** How targets are laid out when they are scored (docs/method.md section 6). */
    public enum EvaluationLayout {
        /** The paper's: one prompt per target. */
        SLIDING,
        /** Streams as in training. */
        STREAM
    }

    /** What is drawn where not all targets are scored. The same draw in two layouts is the same targets, which can be compared in pairs. */
    public enum Draw {
        /** Each target has the same chance. */
        TARGETS,
        /** Users, with all their targets: they stand together, as streams need it. */
        USERS;

        /** At most so many of the targets; 0 for all. */
        public TargetSet from(TargetSet all, int most, long seed) {
            if (most == 0) {
                return all;
            }
            return switch (this) {
                case TARGETS -> all.sample(most, seed);
                case USERS -> all.sampleUsers(most, seed);
            };
        }

        /** What suits a layout. */
        public static Draw of(EvaluationLayout layout) {
            return layout == EvaluationLayout.STREAM ? USERS : TARGETS;
        }
    }

    public EvaluateConfig {
        Problems.in("evaluate")
                .require(maxTargets >= 0, "maxTargets", maxTargets, ">= 0 (0 for all)")
                .require(tokensPerBatch >= 1, "tokensPerBatch", tokensPerBatch, ">= 1")
                .throwIfAny();
    }

    public static EvaluateConfig defaults() {
        return EvaluateConfigBuilder.builder()
                .layout(EvaluationLayout.SLIDING)
                .tokensPerBatch(4096)
                .seed(1)
                .build();
    }

    /** What targets of a layout are drawn by. */
    public Draw drawFor(EvaluationLayout scored) {
        return draw == null ? Draw.of(scored) : draw;
    }
}
