package org.dti4j.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C (and {@code kill}) while something worth saving runs: asks it to stop at its next step, and holds the JVM until it has
 * saved. Without a {@link #watch}, Ctrl-C ends the process at once, as usual.
 *
 * <p>The JVM would end with the signal's status (143 after {@code kill}), whatever came of the saving; so the process ends here with the
 * program's own.
 */
final class CtrlC implements BooleanSupplier {
    private final PrintStream err;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile int status;
    private volatile String answer = "Stopping after this step, then saving";

    CtrlC(PrintStream err) {
        this.err = err;
    }

    /** From now on Ctrl-C asks and waits; true once it has asked. */
    BooleanSupplier watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "ctrl-c"));
        return this;
    }

    /** The same, with words of its own for what happens then. */
    BooleanSupplier watch(String words) {
        answer = words;
        return watch();
    }

    /** All is done, closed and printed, with nothing left in a buffer: the process may end, with this status. */
    void finished(int withStatus) {
        status = withStatus;
        finished.countDown();
    }

    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    private void stopAndWait() {
        if (finished.getCount() == 0) {
            return; // the ordinary end of the process
        }
        requested = true;
        err.println("%s (to lose it instead: kill -9 %d)"
                .formatted(answer, ProcessHandle.current().pid()));
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Runtime.getRuntime().halt(status);
    }
}
