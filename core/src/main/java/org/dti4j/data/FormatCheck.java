package org.dti4j.data;

import java.util.List;

/** Tells a file of another format before a million bad rows do. */
final class FormatCheck {
    private FormatCheck() {}

    /** Any of the first lines must have the columns; one alone may be dirt. */
    static void movieLens1m(LogFile file, List<String> names) {
        text(file, Format.MOVIELENS_1M);
        boolean fits = file.head().stream()
                .anyMatch(line -> DelimitedTable.split(line, "::").size() == names.size());
        if (!fits) {
            throw file.wrong("must have the columns %s with :: between them, but begins with \"%s\"%s"
                    .formatted(String.join("::", names), shortened(file.head().get(0)), suggestion(file)));
        }
    }

    static void json(LogFile file) {
        text(file, Format.AMAZON_2018);
        boolean fits = file.head().stream().anyMatch(line -> line.stripLeading().startsWith("{"));
        if (!fits) {
            throw file.wrong("must have a JSON object on each line, but begins with \"%s\"%s"
                    .formatted(shortened(file.head().get(0)), suggestion(file)));
        }
    }

    static void text(LogFile file, Format format) {
        if (file.parquet()) {
            throw file.wrong(
                    "is a Parquet file; format %s has text files, format table reads Parquet".formatted(format.word()));
        }
    }

    /** What the file looks like, as half a sentence to append; empty if it looks like nothing known. */
    static String suggestion(LogFile file) {
        if (file.head().isEmpty()) {
            return "";
        }
        String first = file.head().get(0);
        if (first.startsWith("{")) {
            return first.contains("\"asin\"")
                    ? " (it looks like format amazon-2018)"
                    : " (it looks like JSON lines: format table)";
        }
        if (first.contains("::")) {
            return " (it looks like format movielens-1m)";
        }
        if (first.startsWith("userId,movieId,") || first.startsWith("movieId,title,")) {
            return " (it looks like format movielens-csv)";
        }
        return "";
    }

    private static String shortened(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
