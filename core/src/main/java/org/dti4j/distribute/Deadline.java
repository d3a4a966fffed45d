package org.dti4j.distribute;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.dti4j.problem.UserException;

/** The end of a wait, which may be broken off, in the measure that sockets take. */
final class Deadline {
    private static final int PAUSE = 200;

    private final LongSupplier clock;
    private final BooleanSupplier interruption;
    private final long end;

    Deadline(LongSupplier clock, Duration wait, BooleanSupplier interruption) {
        this.clock = clock;
        this.interruption = interruption;
        this.end = clock.getAsLong() + wait.toNanos();
    }

    /** Until then, at least 1: to a socket, 0 is for ever. */
    int millis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (end - clock.getAsLong()) / 1_000_000));
    }

    /** The same, in pieces that are short enough to look at the interruption in between. */
    int slice() {
        return Math.min(PAUSE, millis());
    }

    /** @throws UserException if the wait was broken off */
    boolean passed() {
        if (interruption.getAsBoolean()) {
            throw new UserException("stopped while waiting for the other nodes");
        }
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
