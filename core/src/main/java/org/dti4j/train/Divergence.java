package org.dti4j.train;

import java.util.List;
import java.util.stream.Collectors;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Stream;

/** Stops a run whose numbers have left the finite ones, before they reach the weights. */
final class Divergence {
    private static final int SHOWN = 8;

    private Divergence() {}

    /** Throws with step and streams unless {@code value} is finite. */
    static void requireFinite(double value, String what, Position before, Step step) {
        if (!Double.isFinite(value)) {
            throw new UserException(
                    "step %d (epoch %d, after %d targets): %s is %s, in %s; the weights are those before this step. A smaller train.learningRate, a longer train.warmup or clipping (train.clip) may help"
                            .formatted(
                                    before.step() + 1,
                                    before.epochNumber(),
                                    before.targets(),
                                    what,
                                    value,
                                    describe(step)));
        }
    }

    private static String describe(Step step) {
        List<Stream> streams =
                step.microBatches().stream().flatMap(List::stream).toList();
        String shown = streams.stream()
                .limit(SHOWN)
                .map(s -> "user %d interactions %d to %d, targets from %d"
                        .formatted(s.user(), s.first(), s.end() - 1, s.firstTarget()))
                .collect(Collectors.joining("; "));
        int more = streams.size() - SHOWN;
        return more > 0 ? "%s; and %d streams more".formatted(shown, more) : shown;
    }
}
