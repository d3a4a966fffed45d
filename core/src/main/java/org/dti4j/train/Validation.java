package org.dti4j.train;

/** Scores the weights as they are. Training knows nothing of metrics: it only compares what comes back. */
@FunctionalInterface
public interface Validation {
    /**
     * The score of the current weights, higher is better; never NaN.
     *
     * @param at where the run stands
     */
    double score(Position at);
}
