package org.dti4j.train;

/** Scores the weights as they are. Training knows nothing of metrics: it only compares what comes back. */
@FunctionalInterface
public interface Validation {
    /**
     * The score of the current weights, higher is better. NaN says that the run's interruption broke it off: the run then ends as
     * interrupted, and validates again when it is resumed. A NaN without interruption is an error.
     *
     * @param at where the run stands
     */
    double score(Position at);
}
