package org.dti4j.serve;

import java.time.Duration;

/**
 * How long what waits will take, by what the last batches took: so that a request whose answer would come too late is refused at once, and the
 * model is not busy with answers that nobody awaits any more. Threads share it.
 */
final class Foresight {
    /** Of the newest batch in the mean; the older a batch, the less it counts. */
    private static final double WEIGHT = 0.2;

    private final double longestSeconds;
    private double secondsPerCandidate; // 0 until a batch was measured: then everybody is admitted
    private long waiting; // candidates

    /** @param longest how long a request may have to wait for its answer */
    Foresight(Duration longest) {
        longestSeconds = longest.toNanos() / 1e9;
    }

    /** Takes candidates into account, unless they would wait too long. Who finds nobody waiting is always admitted. */
    synchronized boolean admits(int candidates) {
        if (waiting > 0 && (waiting + candidates) * secondsPerCandidate > longestSeconds) {
            return false;
        }
        waiting += candidates;
        return true;
    }

    /** Candidates that were admitted and wait no more, whether they were scored or not. */
    synchronized void leave(long candidates) {
        waiting -= candidates;
    }

    /** What some candidates took that were scored together. */
    synchronized void took(long candidates, long nanos) {
        double measured = nanos / 1e9 / Math.max(1, candidates);
        secondsPerCandidate =
                secondsPerCandidate == 0 ? measured : (1 - WEIGHT) * secondsPerCandidate + WEIGHT * measured;
    }
}
