package org.dti4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lines on which rows stand. DuckDB numbers rows that it rejects among all rows, header and empty lines included; rows
 * that it read have the number in which they come. Neither is the line in the file, since line ends may stand inside quotes.
 */
final class RecordFinder {
    private static final int LONGEST_CONTENT = 1 << 16;

    private final BufferedReader reader;
    private final @Nullable String delimiter;
    private final StringBuilder record = new StringBuilder();
    private long nextLine = 1;
    private long recordLine;
    /** DuckDB's number of the current row, which counts empty lines. */
    private long row;

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

    /** The file is read no further than to the last row that is looked for. */
    static LogTable.Places find(LogFile file, Charset charset, Shape shape, LogTable.Wanted wanted) {
        LogTable.Places places = new LogTable.Places(new HashMap<>(), new HashMap<>());
        try (BufferedReader reader = file.reader(charset)) {
            RecordFinder finder = new RecordFinder(reader, shape.delimiter());
            boolean header = shape.header();
            long number = 0;
            boolean missing = !(wanted.records().isEmpty() && wanted.rejected().isEmpty());
            while (missing && finder.next()) {
                if (header) {
                    header = false;
                } else if (wanted.allRejected().contains(finder.row)) {
                    if (wanted.rejected().contains(finder.row)) {
                        places.rejected().put(finder.row, finder.place());
                    }
                } else {
                    if (wanted.records().contains(number)) {
                        places.records().put(number, finder.place());
                    }
                    number++;
                }
                missing = places.records().size() < wanted.records().size()
                        || places.rejected().size() < wanted.rejected().size();
            }
        } catch (IOException e) {
            throw file.wrong("cannot be read: " + LogFile.reason(e));
        }
        return places;
    }

    private LogTable.Place place() {
        return new LogTable.Place(recordLine, record.toString());
    }

    /** Goes to the next row, over empty lines. */
    private boolean next() throws IOException {
        record.setLength(0);
        boolean open = false;
        String line = reader.readLine();
        while (line != null) {
            long at = nextLine++;
            row += open ? 0 : 1;
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
