package org.dti4j.cli;

import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** SIGHUP, by which operators ask a server to read its files again; where there are no signals, nothing comes. */
final class Hangup implements AutoCloseable {
    private static final String NAME = "HUP";

    private final @Nullable Object before; // what the signal did

    private Hangup(@Nullable Object before) {
        this.before = before;
    }

    /** Runs an action, in a thread of its own, whenever the signal comes, until this is closed. */
    static Hangup calls(Runnable action) {
        return new Hangup(Signals.register(NAME, action));
    }

    @Override
    public void close() {
        if (before != null) {
            Signals.unregister(NAME, before);
        }
    }
}
