package org.dti4j.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A text file with a separator between columns: CSV, TSV, MovieLens 1M.
 *
 * @param delimiter one to four characters
 * @param header whether the first line names the columns
 * @param quoted whether values may stand in double quotes, and then hold separators and line ends
 * @param latin whether the file is in Latin-1 rather than UTF-8
 * @param names of all columns in their order
 * @param rejects the table for rejected rows
 */
record DelimitedTable(
        LogFile file,
        String delimiter,
        boolean header,
        boolean quoted,
        boolean latin,
        List<String> names,
        String rejects)
        implements LogTable {

    /** A table whose first line names its columns. */
    static DelimitedTable withHeader(LogFile file, String delimiter, boolean quoted, String rejects) {
        String first = file.head().get(0);
        List<String> names = quoted ? split(first, delimiter) : List.of(first.split(Pattern.quote(delimiter), -1));
        return new DelimitedTable(file, delimiter, true, quoted, false, names, rejects);
    }

    @Override
    public List<String> columns(Database database) {
        return names;
    }

    @Override
    public String select(List<String> wanted) {
        String values = IntStream.range(0, wanted.size())
                .mapToObj(i -> "c%d AS v%d".formatted(names.indexOf(wanted.get(i)), i))
                .collect(Collectors.joining(", "));
        QuotedLines lines = new QuotedLines(delimiter, names.size());
        return "SELECT %s, %s AS broken, %s AS swallows, %s AS more FROM %s"
                .formatted(
                        values,
                        never(wanted),
                        quoted ? lines.swallows() : "FALSE",
                        quoted ? lines.more() : "0",
                        reader());
    }

    /** Never true, but reads the other columns: DuckDB 1.5 breaks off at a row with too many columns and no UTF-8 in one that it skips. */
    private String never(List<String> wanted) {
        String others = IntStream.range(0, names.size())
                .filter(column -> !wanted.contains(names.get(column)))
                .mapToObj("len(c%d), "::formatted)
                .collect(Collectors.joining());
        return others.isEmpty() ? "FALSE" : "coalesce(%s0) < 0".formatted(others);
    }

    private String reader() {
        // columns go by number, since names may differ by case alone, which SQL cannot tell apart
        String columns = IntStream.range(0, names.size())
                .mapToObj(i -> "'c%d': 'VARCHAR'".formatted(i))
                .collect(Collectors.joining(", ", "{", "}"));
        return textReader(file, columns, rejects)
                + ", header = %b, delim = %s, quote = '%s', escape = '%s', encoding = '%s')"
                        .formatted(
                                header,
                                Database.text(delimiter),
                                quoted ? "\"" : "",
                                quoted ? "\"" : "",
                                latin ? "latin-1" : "utf-8");
    }

    /** What every reading of text has in common; the closing bracket is the caller's. */
    static String textReader(LogFile file, String columns, String rejects) {
        return ("read_csv(%s, columns = %s, auto_detect = false, compression = '%s',"
                        + " store_rejects = true, rejects_limit = 0, rejects_table = '%s', rejects_scan = '%s_scan'")
                .formatted(Database.text(file.path()), columns, file.gzip() ? "gzip" : "none", rejects, rejects);
    }

    @Override
    public long lines() {
        return quoted ? file.lines() - (header ? 1 : 0) : 0;
    }

    @Override
    public Places find(Database database, Wanted wanted) {
        return RecordFinder.find(
                file,
                latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8,
                new RecordFinder.Shape(header, quoted ? delimiter : null),
                wanted);
    }

    /** Splits one line into columns as DuckDB does, double quotes included. */
    static List<String> split(String line, String delimiter) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at <= line.length()) {
            int end;
            if (line.startsWith("\"", at)) {
                int close = line.indexOf('"', at + 1);
                while (close >= 0 && line.startsWith("\"\"", close)) {
                    close = line.indexOf('"', close + 2);
                }
                int last = close < 0 ? line.length() : close;
                values.add(line.substring(at + 1, last).replace("\"\"", "\""));
                end = line.indexOf(delimiter, last);
            } else {
                end = line.indexOf(delimiter, at);
                values.add(line.substring(at, end < 0 ? line.length() : end));
            }
            at = end < 0 ? line.length() + 1 : end + delimiter.length();
        }
        return List.copyOf(values);
    }
}
