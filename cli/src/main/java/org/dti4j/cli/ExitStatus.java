package org.dti4j.cli;

/** What the process ends with. */
final class ExitStatus {
    static final int DONE = 0;
    /** Our fault: a stack trace was shown, and where to report it. */
    static final int FAULT = 1;
    /** The user's mistake, or something the machine lacks: every problem was shown. */
    static final int MISTAKE = 2;
    /** Interrupted; the state was saved. */
    static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
