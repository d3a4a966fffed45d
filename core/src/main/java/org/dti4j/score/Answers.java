package org.dti4j.score;

import org.dti4j.problem.UserException;

/** Answers of a model, which are told only if they are numbers: of weights that are not finite nothing can be said. */
final class Answers {
    private Answers() {}

    /**
     * The same probability.
     *
     * @throws UserException if it is none
     */
    static double probability(double found) {
        if (Double.isNaN(found)) {
            throw new UserException(
                    "the model's answer for a target is not a number, must be a probability: the checkpoint, or the adapter, holds weights that are not finite, or too large for the precision that it computes in (model.precision)");
        }
        return found;
    }
}
