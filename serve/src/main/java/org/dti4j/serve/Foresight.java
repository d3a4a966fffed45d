package org.dti4j.serve;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long what waits will take, by what the last batches took: so that a request whose answer would come too late is refused at once, and the
 * model is not busy with answers that nobody awaits any more. A history that must be read first may cost twenty times its candidate, so the
 * two are told apart. Threads share it.
 */
final class Foresight {
    /** Of the newest batch in the means; the older a batch, the less it counts. */
    private static final double WEIGHT = 0.2;

    /** What a piece of a batch takes, after which it is asked whether anybody waits still. */
    private static final double PIECE_SECONDS = 1;

    /** Of a candidate, before anything was measured: as slow as a model that one would still serve. */
    private static final double UNKNOWN_SECONDS = 0.05;

    /** What reading a history costs, in candidates, where the two cannot be told apart. */
    private static final int CANDIDATES_PER_READ = 20;

    /** Older measurements refuse nobody alone: the machine may have been busy just then, and only who is admitted measures anew. */
    private static final long FRESH_NANOS = 60_000_000_000L;

    private final double timeoutSeconds;
    private final LongSupplier clock;
    private final Mean perCandidate = new Mean();
    private final Mean perRead = new Mean();
    private Work waiting = Work.NONE;
    private long measured; // when, by the clock

    /**
     * @param timeout after which nobody waits for an answer any more
     * @param clock nanoseconds
     */
    Foresight(Duration timeout, LongSupplier clock) {
        timeoutSeconds = timeout.toNanos() / 1e9;
        this.clock = clock;
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

    /**
     * Takes work into account, unless it would wait for more than half of the timeout: a mean is no promise. Who finds nobody waiting is always
     * admitted.
     */
    synchronized boolean admits(Work work) {
        Work all = waiting.and(work);
        if (waiting.candidates > 0 && seconds(all) > timeoutSeconds / 2) {
            return false;
        }
        waiting = all;
        return true;
    }

    /** Whether the answer to one request would come too late even if nobody else waited, by what was measured lately. */
    synchronized boolean isTooMuch(Work work) {
        return seconds(work) > timeoutSeconds && clock.getAsLong() - measured <= FRESH_NANOS;
    }

    /** Into how many pieces a batch is cut. */
    synchronized int pieces(Work work) {
        double each = perCandidate.value == 0 ? UNKNOWN_SECONDS : perCandidate.value;
        return (int) Math.max(1, Math.ceil(work.candidates * each / PIECE_SECONDS));
    }

    /** What work alone would take; nothing, as long as nothing was measured. */
    synchronized double seconds(Work work) {
        return work.candidates * perCandidate.value + work.reads * perRead.value;
    }

    /** Work that was admitted and waits no more, whether it was done or not. */
    synchronized void leave(Work work) {
        waiting = waiting.without(work);
    }

    /** What some work took that was done together. */
    synchronized void took(Work work, long nanos) {
        measured = clock.getAsLong();
        double seconds = nanos / 1e9;
        if (work.reads == 0) {
            perCandidate.add(seconds / Math.max(1, work.candidates));
        } else {
            perRead.add(Math.max(0, seconds - work.candidates * perCandidate.value) / work.reads);
        }
    }

    /** How long some work was done until it was stopped: so much it takes at least. */
    synchronized void stopped(Work work, long nanos) {
        measured = clock.getAsLong();
        double least = nanos / 1e9 / Math.max(1, work.candidates + CANDIDATES_PER_READ * work.reads);
        perCandidate.raise(least);
        if (work.reads > 0) {
            perRead.raise(CANDIDATES_PER_READ * least);
        }
    }

    private static final class Mean {
        private double value; // 0 until something was measured: then everybody is admitted

        private void add(double measured) {
            value = value == 0 ? measured : (1 - WEIGHT) * value + WEIGHT * measured;
        }

        private void raise(double least) {
            value = Math.max(value, least);
        }
    }
}
