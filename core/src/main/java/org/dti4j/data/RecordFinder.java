package org.dti4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lines on which rows stand. DuckDB tells the line of a row that it rejects, but not of one that it read; that is the
 * row's number, plus what is no row: header, empty lines, rejected rows, line ends inside quotes.
 */
final class RecordFinder {
    private static final int LONGEST_CONTENT = 1 << 16;

    private final BufferedReader reader;
    private final @Nullable String delimiter;
    private final StringBuilder record = new StringBuilder();
    private long nextLine = 1;
    private long recordLine;

    /**
     * What a file looks like.
     *
     * @param header whether the first row is a header
     * @param delimiter between values that may be quoted; null if nothing is quoted
     */
    record Shape(boolean header, @Nullable String delimiter) {}

    private RecordFinder(BufferedReader reader, @Nullable String delimiter) {
        this.reader = reader;
        this.delimiter = delimiter;
    }

    static Map<Long, LogTable.Place> find(
            LogFile file, Charset charset, Shape shape, SortedSet<Long> wanted, SortedSet<Long> rejected) {
        Map<Long, LogTable.Place> places = new HashMap<>();
        try (BufferedReader reader = file.reader(charset)) {
            RecordFinder finder = new RecordFinder(reader, shape.delimiter());
            boolean header = shape.header();
            long number = 0;
            while (places.size() < wanted.size() && finder.next()) {
                if (header) {
                    header = false;
                } else if (!rejected.contains(finder.recordLine)) {
                    if (wanted.contains(number)) {
                        places.put(number, new LogTable.Place(finder.recordLine, finder.record.toString()));
                    }
                    number++;
                }
            }
        } catch (IOException e) {
            throw file.wrong("cannot be read: " + e.getMessage());
        }
        return places;
    }

    /** Goes to the next row, over empty lines. */
    private boolean next() throws IOException {
        record.setLength(0);
        boolean open = false;
        String line = reader.readLine();
        while (line != null) {
            long at = nextLine++;
            if (open || !line.isEmpty()) {
                if (open) {
                    record.append('\n');
                } else {
                    recordLine = at;
                }
                if (record.length() < LONGEST_CONTENT) {
                    record.append(line);
                }
                open = endsInsideQuotes(line, open);
                if (!open) {
                    return true;
                }
            }
            line = reader.readLine();
        }
        return open;
    }

    private boolean endsInsideQuotes(String line, boolean startsInside) {
        if (delimiter == null || (!startsInside && line.indexOf('"') < 0)) {
            return false;
        }
        boolean inside = startsInside;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                // a quote opens a value only at its start; inside, a doubled one closes and opens again
                boolean opens =
                        i == 0 || line.startsWith(delimiter, i - delimiter.length()) || line.charAt(i - 1) == '"';
                inside = !inside && opens;
            }
        }
        return inside;
    }
}
