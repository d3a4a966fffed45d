package org.dti4j.data;

import org.dti4j.problem.Problems;

/**
 * Shares of interactions, from the earliest to the latest (docs/method.md section 8).
 *
 * @param train to learn from
 * @param validation to choose the best epoch on
 * @param test to report on
 */
public record Split(double train, double validation, double test) {
    public Split {
        Problems.in("data.split")
                .require(train > 0 && train <= 1, "train", train, "in (0, 1]")
                .require(validation >= 0 && validation < 1, "validation", validation, "in [0, 1)")
                .require(test >= 0 && test < 1, "test", test, "in [0, 1)")
                .require(
                        Math.abs(train + validation + test - 1) < 1e-9,
                        "train + validation + test",
                        train + validation + test,
                        "1")
                .throwIfAny();
    }

    /** 8:1:1, as the paper has it. */
    public static Split defaults() {
        return new Split(0.8, 0.1, 0.1);
    }
}
