package org.dti4j.run;

import java.util.Objects;
import org.dti4j.metric.Metrics;

/**
 * A validation on the way, a line of {@code validation.jsonl}.
 *
 * @param targets trained on so far
 * @param seconds of training so far, validation not counted
 * @param metrics on the validation targets
 */
public record ValidationPoint(long targets, double seconds, Metrics metrics) {
    public ValidationPoint {
        Objects.requireNonNull(metrics, "metrics");
    }
}
