package org.dti4j.score;

import org.dti4j.problem.UserException;
import org.dti4j.prompt.PromptVocabulary;

/**
 * From logits of the two label words to click probabilities, which are told only if they are numbers: of weights that are not finite nothing
 * can be said.
 */
final class Answers {
    private Answers() {}

    /** The words whose logits {@link #probabilities} takes: yes and no. */
    static int[] words(PromptVocabulary vocabulary) {
        return new int[] {vocabulary.yes(), vocabulary.no()};
    }

    /**
     * P(click) = softmax(logit_yes, logit_no)[yes] of each target (docs/method.md section 1).
     *
     * @param logits of {@link #words}, two per target
     * @throws UserException if one is not a number
     */
    static double[] probabilities(float[] logits) {
        double[] probabilities = new double[logits.length / 2];
        for (int target = 0; target < probabilities.length; target++) {
            double difference = (double) logits[2 * target + 1] - logits[2 * target];
            probabilities[target] = checked(1 / (1 + Math.exp(difference)));
        }
        return probabilities;
    }

    private static double checked(double probability) {
        if (Double.isNaN(probability)) {
            throw new UserException(
                    "the model's answer for a target is not a number, must be a probability: the checkpoint, or the adapter, holds weights that are not finite, or too large for the precision that it computes in (model.precision)");
        }
        return probability;
    }
}
