package org.dti4j.data;

import java.util.List;
import java.util.Locale;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a table is what, with format {@code table}; the section {@code data.columns} of a configuration.
 *
 * @param user user id, in the interactions file
 * @param item item id, in the interactions file
 * @param rating a number >= 0; null if there is a label
 * @param label 0 or 1, or false or true; null if the label is made from the rating
 * @param time of the interaction
 * @param timeUnit what the time is written in
 * @param itemId item id in the items file; null if it is named as in the interactions file
 * @param text columns of the items file that prompts may use
 * @param delimiter between columns of text files; null for the usual one: a tab in {@code .tsv} files, else a comma
 * @param quote what values of text files may stand in; null for double quotes. {@code none} where a quote is a letter like others, as in
 *     files that were written without quoting
 */
public record TableColumns(
        String user,
        String item,
        @Nullable String rating,
        @Nullable String label,
        String time,
        TimeUnit timeUnit,
        @Nullable String itemId,
        List<String> text,
        @Nullable String delimiter,
        @Nullable Quote quote) {

    /** Names that columns of prepared files have already. */
    private static final List<String> RESERVED = List.of("item_index", Item.ID);

    private static final int LONGEST_DELIMITER = 4;

    /** What times are written in. */
    public enum TimeUnit {
        /** Seconds since 1970. */
        SECONDS,
        /** Milliseconds since 1970. */
        MILLISECONDS,
        /** Microseconds since 1970. */
        MICROSECONDS,
        /** Date and time as in ISO 8601, UTC unless an offset is given. */
        ISO
    }

    /** What a value of a text file may stand in, and then hold separators and line ends. */
    public enum Quote {
        /** {@code "}, doubled inside. */
        DOUBLE,
        /** Nothing: separators and line ends always end a value. */
        NONE
    }

    public TableColumns {
        text = List.copyOf(text);
        Problems.in("data.columns")
                .require(!user.isBlank(), "user", "\"\"", "the name of a column")
                .require(!item.isBlank(), "item", "\"\"", "the name of a column")
                .require(!time.isBlank(), "time", "\"\"", "the name of a column")
                .require(
                        rating != null || label != null,
                        "rating",
                        "null",
                        "the name of a column, or else data.columns.label must be one")
                .require(!text.isEmpty(), "text", "[]", "at least one column that says what an item is")
                .require(
                        text.stream()
                                        .map(name -> name.toLowerCase(Locale.ROOT))
                                        .distinct()
                                        .count()
                                == text.size(),
                        "text",
                        text,
                        "names that differ by more than case")
                .require(
                        text.stream().noneMatch(name -> RESERVED.contains(name.toLowerCase(Locale.ROOT))),
                        "text",
                        text,
                        "other names than " + RESERVED)
                .require(
                        delimiter == null || (!delimiter.isEmpty() && delimiter.length() <= LONGEST_DELIMITER),
                        "delimiter",
                        delimiter,
                        "1 to %d characters".formatted(LONGEST_DELIMITER))
                .throwIfAny();
    }

    /** The usual names: {@code user}, {@code item}, {@code rating}, {@code time} in seconds. */
    public static TableColumns defaults() {
        return new TableColumns(
                "user", "item", "rating", null, "time", TimeUnit.SECONDS, null, List.of("title"), null, null);
    }

    /** The item id's column in the items file. */
    public String idInItems() {
        return itemId == null ? item : itemId;
    }
}
