package org.dti4j.cli.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.dti4j.progress.Progress;

/** A plain line every ten seconds: for log files and pipes. */
final class LineProgress implements Progress {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);
    /** Tasks shorter than this end without a word. */
    private static final long WORTH_A_LINE = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream err;
    private final LongSupplier nanoseconds;

    LineProgress(PrintStream err, LongSupplier nanoseconds) {
        this.err = err;
        this.nanoseconds = nanoseconds;
    }

    @Override
    public Task begin(String name, long total) {
        return new Lines(name, total, nanoseconds.getAsLong());
    }

    private final class Lines implements Task {
        private final String name;
        private final long total;
        private final long begun;
        private long lastLine;
        private long done;
        private String state = "";

        Lines(String name, long total, long begun) {
            this.name = name;
            this.total = total;
            this.begun = begun;
            this.lastLine = begun;
        }

        @Override
        public synchronized void advance(long units) {
            done += units;
            long now = nanoseconds.getAsLong();
            if (now - lastLine >= INTERVAL) {
                lastLine = now;
                err.println(line(now));
            }
        }

        @Override
        public synchronized void note(String newState) {
            state = newState;
        }

        @Override
        public synchronized void close() {
            long now = nanoseconds.getAsLong();
            if (done > 0 && now - begun >= WORTH_A_LINE) {
                String of = done < total ? " of " + amount(total) : "";
                err.println("%s: %s%s in %s%s".formatted(name, amount(done), of, duration(now - begun), suffix()));
            }
        }

        private String line(long now) {
            double perSecond = done / ((now - begun) / 1e9);
            StringBuilder line = new StringBuilder(name).append(": ").append(amount(done));
            if (total > 0) {
                line.append(String.format(Locale.ROOT, " of %s (%d %%)", amount(total), 100 * done / total));
            }
            if (state.isEmpty()) { // a state has the rate and the rest that matter to its task
                line.append(String.format(Locale.ROOT, perSecond < 100 ? ", %.3g/s" : ", %,.0f/s", perSecond));
                if (total > done && done > 0) {
                    long left = (long) ((total - done) / perSecond * 1e9);
                    line.append(", ").append(duration(left)).append(" left");
                }
            }
            return line.append(suffix()).toString();
        }

        private String suffix() {
            return state.isEmpty() ? "" : ", " + state;
        }
    }

    private static String amount(long units) {
        return String.format(Locale.ROOT, "%,d", units);
    }

    static String duration(long nanoseconds) {
        long seconds = Math.round(nanoseconds / 1e9);
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return minutes < 60
                ? "%d min %02d s".formatted(minutes, seconds % 60)
                : "%d h %02d min".formatted(minutes / 60, minutes % 60);
    }
}
