package org.dti4j.train;

import java.util.List;
import java.util.stream.Collectors;
import org.dti4j.prompt.Stream;

/**
 * The moment in which a run's numbers left the finite ones, before they reached the weights.
 *
 * @param before where the run stood
 * @param what is not finite: the loss of these streams, or the norm of their gradient
 * @param value NaN or an infinity
 * @param streams the micro-batch, or the whole step where it is the gradient
 */
public record Diverged(Position before, String what, double value, List<Stream> streams) {
    private static final int SHOWN = 8;

    public Diverged {
        streams = List.copyOf(streams);
    }

    /** Names step and streams, and what may help. */
    DivergedException failure() {
        return new DivergedException(
                "step %d (epoch %d, after %d targets): %s is %s, in %s; the weights are those before this step. A smaller train.learningRate, a longer train.warmup or clipping (train.clip) may help"
                        .formatted(before.step() + 1, before.epochNumber(), before.targets(), what, value, describe()));
    }

    private String describe() {
        String shown = streams.stream()
                .limit(SHOWN)
                .map(s -> "user %d interactions %d to %d, targets from %d"
                        .formatted(s.user(), s.first(), s.end() - 1, s.firstTarget()))
                .collect(Collectors.joining("; "));
        int more = streams.size() - SHOWN;
        return more > 0 ? "%s; and %d streams more".formatted(shown, more) : shown;
    }
}
