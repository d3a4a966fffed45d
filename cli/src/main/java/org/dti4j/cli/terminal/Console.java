package org.dti4j.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.dti4j.progress.Progress;

/**
 * The two streams of the process.
 *
 * @param out results, and nothing else: scripts read it
 * @param err logs, progress and problems
 * @param terminal whether a person watches {@code err}: bars are drawn then, else a plain line now and then
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {
    /** The streams of this process, in UTF-8 whatever the locale says; the launcher tells whether it runs on a terminal. */
    public static Console ofProcess() {
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), Boolean.getBoolean("dti.terminal"));
    }

    /** Progress of long work, on standard error. */
    public Progress progress() {
        LongSupplier clock = System::nanoTime;
        return terminal ? new BarProgress(err) : new LineProgress(err, clock);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
