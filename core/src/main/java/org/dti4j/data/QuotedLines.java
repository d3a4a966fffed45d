package org.dti4j.data;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What values in quotes hold of a file's lines, in SQL. A quote that was only a letter opens a value that goes on to the next quote, and
 * takes the rows between with it. No parser can tell these from a text of several lines; but the lines of a text do not each have as many
 * separators as the table's rows.
 *
 * @param delimiter between columns
 * @param columns of the table, {@code c0, c1, …}
 */
record QuotedLines(String delimiter, int columns) {
    // looking for a line end is quick; splitting is for the few values that have one
    private static final List<String> MACROS = List.of(
            "several_lines(v) AS contains(v, chr(10)) OR contains(v, chr(13))",
            "lines_of(v) AS regexp_split_to_array(v, '\\r\\n|\\r|\\n')",
            "separators(v, delimiter) AS (len(v) - len(replace(v, delimiter, ''))) // len(delimiter)",
            "more_lines(v) AS CASE WHEN several_lines(v) THEN len(list_filter(lines_of(v)[2:-2], lambda l: l <> '')) + 1 ELSE 0 END",
            // the first line has the columns before the value, too, the last one those after it
            """
            rows_among(lines, place, columns, delimiter) AS list_sum(list_transform(lines, lambda l, i: CAST(separators(l, delimiter)
                + CASE i WHEN 1 THEN place ELSE 0 END + CASE i WHEN len(lines) THEN columns - 1 - place ELSE 0 END = columns - 1 AS INTEGER)))""",
            // a text with two separators may well have them where rows do; rows may have dirt among them
            """
            swallows_rows(v, place, columns, delimiter) AS CASE WHEN several_lines(v)
                THEN separators(v, delimiter) > 2 AND rows_among(lines_of(v), place, columns, delimiter) >= 0.9 * len(lines_of(v))
                ELSE FALSE END""");

    /** Makes the functions that the expressions below call. */
    static void define(Database database) {
        MACROS.forEach(macro -> database.run("CREATE OR REPLACE TEMP MACRO " + macro));
    }

    /** How many lines a row has after its first, empty ones not counted. */
    String more() {
        return ofEach(" + ", "more_lines(c%d)"::formatted);
    }

    /** Whether one of a row's values holds other rows. */
    String swallows() {
        String text = Database.text(delimiter);
        return ofEach(" OR ", place -> "swallows_rows(c%d, %d, %d, %s)".formatted(place, place, columns, text));
    }

    private String ofEach(String joint, IntFunction<String> expression) {
        return IntStream.range(0, columns).mapToObj(expression).collect(Collectors.joining(joint));
    }
}
