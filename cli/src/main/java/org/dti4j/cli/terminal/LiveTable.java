package org.dti4j.cli.terminal;

import java.io.PrintStream;
import org.dti4j.progress.Progress;

/**
 * A table that is drawn again in its place whenever it changes, with the bars of the work that runs beneath it: for terminals.
 * Elsewhere nothing is redrawn, and the caller says in lines what is new.
 */
public final class LiveTable {
    private static final String ESCAPE = "\033[";

    private final PrintStream err;
    private final boolean terminal;
    private final Progress progress;
    private int lines;

    public LiveTable(Console console) {
        err = console.err();
        terminal = console.terminal();
        progress = console.progress();
    }

    /** Progress of what runs beneath the table; a bar leaves a line when it ends. */
    public Progress progress() {
        return (name, total) -> {
            lines++;
            return progress.begin(name, total);
        };
    }

    /** Draws the table over the last one and over the bars beneath it. */
    public void show(String table) {
        if (terminal) {
            err.print((lines > 0 ? ESCAPE + lines + "A" + ESCAPE + "J" : "") + table);
            err.flush();
            lines = (int) table.lines().count();
        }
    }

    /** Takes the table away, with what stands beneath it. */
    public void clear() {
        show("");
    }

    /** A line of news: beneath the table until that is drawn again, or for ever where nothing is redrawn. */
    public void say(String line) {
        lines++;
        err.println(line);
    }
}
