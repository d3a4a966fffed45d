package org.dti4j.train;

import org.jspecify.annotations.Nullable;

/**
 * What a run came to; counts include the part before a resume.
 *
 * @param end where it ended
 * @param epochs targets over targets of one epoch
 * @param best the validation whose weights the learner now has; null when there was no validation. After an interruption the
 *     learner has the latest weights, not these
 * @param stopReason why it ended
 */
public record TrainResult(
        Position end, double epochs, @Nullable ValidationReport best, StopReason stopReason) {
    public long targets() {
        return end.targets();
    }

    /** The same, but asked to stop before what comes after training. */
    public TrainResult interrupted() {
        return new TrainResult(end, epochs, best, StopReason.INTERRUPTED);
    }

    /** Training time, validation not counted. */
    public double seconds() {
        return end.seconds();
    }

    /** Training time per target in milliseconds; 0 when nothing was trained. */
    public double msPerTarget() {
        return end.targets() == 0 ? 0 : 1000 * end.seconds() / end.targets();
    }

    /** 0 when no time has passed. */
    public double tokensPerSecond() {
        return end.seconds() > 0 ? end.tokens() / end.seconds() : 0;
    }
}
