package org.dti4j.run;

import org.dti4j.metric.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code metrics.json}.
 *
 * @param validation metrics of the validation part, by the weights that were kept
 * @param test metrics of the test part, null when it was not evaluated
 * @param train what training cost
 */
public record RunMetrics(Metrics validation, @Nullable Metrics test, Training train) {
    /**
     * What training cost.
     *
     * @param targets trained on, repetitions counted
     * @param seconds validation not counted
     * @param msPerTarget milliseconds per target
     * @param tokensPerSecond tokens of prompts per second
     * @param epochs passes over the training targets, the last one perhaps a part
     * @param bestEpoch the epoch, counted from 1, whose weights were kept
     * @param peakRssBytes the most memory that the process held
     * @param stopped why training ended
     */
    public record Training(
            long targets,
            double seconds,
            double msPerTarget,
            double tokensPerSecond,
            double epochs,
            int bestEpoch,
            long peakRssBytes,
            String stopped) {}
}
