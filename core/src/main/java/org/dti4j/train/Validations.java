package org.dti4j.train;

import org.jspecify.annotations.Nullable;

/**
 * What validation has said so far.
 *
 * @param best the best one; null before the first
 * @param sinceBest validations after the best
 * @param lastTargets targets trained on before the latest one; 0 before the first
 */
record Validations(@Nullable ValidationReport best, int sinceBest, long lastTargets) {
    static final Validations NONE = new Validations(null, 0, 0);

    /** Whether a score would be the best so far; an equal one is not, so that the earliest of equals is kept. */
    boolean improves(double score) {
        return best == null || score > best.score();
    }

    Validations and(ValidationReport report) {
        return report.best()
                ? new Validations(report, 0, report.targets())
                : new Validations(best, sinceBest + 1, report.targets());
    }

    /** Whether so many validations in a row were no better; never with patience 0. */
    boolean exhaust(int patience) {
        return patience > 0 && sinceBest >= patience;
    }
}
