package org.dti4j.serve;

import java.time.Duration;

/**
 * How long what waits will take, by what the last batches took: so that a request whose answer would come too late is refused at once, and the
 * model is not busy with answers that nobody awaits any more. A history that must be read first may cost twenty times its candidate, so the
 * two are told apart. Threads share it.
 */
final class Foresight {
    /** Of the newest batch in the means; the older a batch, the less it counts. */
    private static final double WEIGHT = 0.2;

    private final double longestSeconds;
    private final Mean perCandidate = new Mean();
    private final Mean perRead = new Mean();
    private Work waiting = Work.NONE;

    /** @param longest how long a request may have to wait for its answer */
    Foresight(Duration longest) {
        longestSeconds = longest.toNanos() / 1e9;
    }

    /**
     * What some requests ask for.
     *
     * @param reads histories whose keys and values are not kept
     */
    record Work(long candidates, long reads) {
        static final Work NONE = new Work(0, 0);

        Work and(Work other) {
            return new Work(candidates + other.candidates, reads + other.reads);
        }

        private Work without(Work other) {
            return new Work(candidates - other.candidates, reads - other.reads);
        }
    }

    /** Takes work into account, unless it would wait too long. Who finds nobody waiting is always admitted. */
    synchronized boolean admits(Work work) {
        Work all = waiting.and(work);
        if (waiting.candidates > 0 && seconds(all) > longestSeconds) {
            return false;
        }
        waiting = all;
        return true;
    }

    private double seconds(Work work) {
        return work.candidates * perCandidate.value + work.reads * perRead.value;
    }

    /** Work that was admitted and waits no more, whether it was done or not. */
    synchronized void leave(Work work) {
        waiting = waiting.without(work);
    }

    /** What some work took that was done together. */
    synchronized void took(Work work, long nanos) {
        double seconds = nanos / 1e9;
        if (work.reads == 0) {
            perCandidate.add(seconds / Math.max(1, work.candidates));
        } else {
            perRead.add(Math.max(0, seconds - work.candidates * perCandidate.value) / work.reads);
        }
    }

    private static final class Mean {
        private double value; // 0 until something was measured: then everybody is admitted

        private void add(double measured) {
            value = value == 0 ? measured : (1 - WEIGHT) * value + WEIGHT * measured;
        }
    }
}
