package org.dti4j.data;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the text of an item as the log has it to one that a prompt can hold: one line, no markup, lists with commas. */
public final class ItemText {
    private static final JsonMapper JSON = new JsonMapper();
    /** A piece of the product page in front of the brand. */
    private static final Pattern BY_LINE = Pattern.compile("^\\s*by\\s*\\n\\s*");

    private static final String SEPARATOR = ", ";

    private ItemText() {}

    /**
     * A value of a text column as prompts have it.
     *
     * @return the text, empty if there is none
     */
    public static String clean(Format format, String column, @Nullable String value) {
        if (value == null) {
            return "";
        }
        return switch (format) {
            case MOVIELENS_1M, MOVIELENS_CSV -> column.equals("genres") ? genres(value) : oneLine(value);
            case AMAZON_2018 -> amazon(value);
            case TABLE -> isList(value) ? joined(elements(value)) : oneLine(value);
        };
    }

    private static String genres(String value) {
        return value.equals("(no genres listed)") ? "" : oneLine(value.replace("|", SEPARATOR));
    }

    private static String amazon(String value) {
        if (isList(value)) {
            // in some categories the list goes on, after a piece of markup, with what are no categories but advertising
            return joined(elements(value).stream()
                    .takeWhile(element ->
                            !(element.startsWith("</") && Markup.plain(element).isBlank()))
                    .map(Markup::plain)
                    .toList());
        }
        // a script that stood where the product page usually has the title
        if (value.contains("getTime")) {
            return "";
        }
        return oneLine(Markup.plain(BY_LINE.matcher(value).replaceFirst("")));
    }

    private static boolean isList(String value) {
        return value.startsWith("[") && value.endsWith("]");
    }

    private static List<String> elements(String list) {
        try {
            JsonNode node = JSON.readTree(list);
            return StreamSupport.stream(node.spliterator(), false)
                    .filter(element -> !element.isNull())
                    .map(element -> element.isString() ? element.stringValue() : element.toString())
                    .toList();
        } catch (JacksonException e) {
            // a text in brackets that is no list
            return List.of(list);
        }
    }

    private static String joined(List<String> elements) {
        return elements.stream()
                .map(ItemText::oneLine)
                .filter(element -> !element.isEmpty())
                .distinct()
                .collect(Collectors.joining(SEPARATOR));
    }

    private static String oneLine(String value) {
        return value.replaceAll("[\\s\\u00a0]+", " ").strip();
    }
}
