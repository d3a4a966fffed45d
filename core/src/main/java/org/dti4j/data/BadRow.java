package org.dti4j.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A row of a log that could not be used.
 *
 * @param file the file's name
 * @param line the line in the file, from 1; the row for files without lines (Parquet), from 1
 * @param reason what is wrong with it
 * @param content the row as it stands in the file, cut after some 200 characters
 */
public record BadRow(String file, long line, Reason reason, String content) {
    /** What can be wrong with a row. */
    public enum Reason {
        @JsonProperty("wrongColumnCount")
        WRONG_COLUMN_COUNT("wrong number of columns"),
        @JsonProperty("strayQuote")
        STRAY_QUOTE("stray quote, or a row that one swallowed"),
        @JsonProperty("missingId")
        MISSING_ID("missing user or item id"),
        @JsonProperty("unparsable")
        UNPARSABLE("value that cannot be read"),
        @JsonProperty("negative")
        NEGATIVE("negative value"),
        @JsonProperty("outOfRange")
        OUT_OF_RANGE("rating out of range"),
        @JsonProperty("futureTime")
        FUTURE_TIME("time in the future"),
        @JsonProperty("unknownItem")
        UNKNOWN_ITEM("item that the items file lacks");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** The reason in words, to be shown. */
        public String words() {
            return words;
        }
    }

    @Override
    public String toString() {
        return "%s:%d: %s: %s".formatted(file, line, reason.words(), content);
    }
}
