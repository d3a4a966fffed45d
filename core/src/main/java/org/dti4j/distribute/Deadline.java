package org.dti4j.distribute;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The end of a wait, in the measure that sockets take. */
final class Deadline {
    private static final long PAUSE = 200;

    private final LongSupplier clock;
    private final long end;

    Deadline(LongSupplier clock, Duration wait) {
        this.clock = clock;
        this.end = clock.getAsLong() + wait.toNanos();
    }

    /** Until then, at least 1: to a socket, 0 is for ever. */
    int millis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (end - clock.getAsLong()) / 1_000_000));
    }

    boolean passed() {
        return clock.getAsLong() - end >= 0;
    }

    void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
