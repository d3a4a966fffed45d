package org.dti4j.prompt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.dti4j.problem.UserException;

/**
 * A text with columns to fill in, such as <code>{title} ({genres})</code>. A doubled brace
 * stands for a brace.
 *
 * <p>Two kindnesses to real catalogues: a list that is written {@code Adventure|Animation} is shown as
 * {@code Adventure, Animation}, and brackets that only enclosed empty columns are left out with the space before them.
 */
final class Template {
    /** What encloses an empty value, so that brackets which an item's own text has are left alone. */
    private static final char EMPTY = '\uFFFF';

    private static final Pattern EMPTY_BRACKETS = Pattern.compile(" ?(\\(\uFFFF+\\)|\\[\uFFFF+])");
    private static final Pattern LIST_SEPARATOR = Pattern.compile("\\s*\\|\\s*");

    /** Where the template comes from, for messages: {@code prompt.item}. */
    private final String where;

    /** Texts and, between each two of them, the column at the same index. */
    private final List<String> texts;

    private final List<String> columns;

    private Template(String where, List<String> texts, List<String> columns) {
        this.where = where;
        this.texts = texts;
        this.columns = columns;
    }

    /**
     * Reads a template.
     *
     * @param where what to call it in messages
     * @throws UserException when a brace has no partner or encloses nothing
     */
    static Template parse(String where, String source) {
        List<String> texts = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            if ((c == '{' || c == '}') && source.startsWith(String.valueOf(c).repeat(2), at)) {
                text.append(c);
                at += 2;
            } else if (c == '{') {
                int end = endOfColumn(where, source, at);
                columns.add(source.substring(at + 1, end).strip());
                texts.add(text.toString());
                text.setLength(0);
                at = end + 1;
            } else if (c == '}') {
                throw new UserException(
                        "%s: \"%s\" has a } without a {; write }} for a brace".formatted(where, source));
            } else {
                text.append(c);
                at++;
            }
        }
        texts.add(text.toString());
        return new Template(where, List.copyOf(texts), List.copyOf(columns));
    }

    private static int endOfColumn(String where, String source, int start) {
        int end = source.indexOf('}', start);
        if (end < 0) {
            throw new UserException("%s: \"%s\" has a { without a }; write {{ for a brace".formatted(where, source));
        }
        if (source.substring(start + 1, end).isBlank()) {
            throw new UserException("%s: \"%s\" has {} without a column's name".formatted(where, source));
        }
        return end;
    }

    /** The columns that the template uses. */
    Set<String> columns() {
        return Collections.unmodifiableSet(new TreeSet<>(columns));
    }

    /** Throws a {@link UserException} that names the columns which do not exist, and those which do. */
    void check(Collection<String> existing) {
        Set<String> unknown = new TreeSet<>(columns);
        unknown.removeAll(existing);
        if (!unknown.isEmpty()) {
            throw new UserException("%s: no column %s; there are: %s"
                    .formatted(where, String.join(", ", unknown), String.join(", ", new TreeSet<>(existing))));
        }
    }

    /** The text with each column's value in its place; an empty value leaves nothing behind. */
    String format(Map<String, String> values) {
        StringBuilder text = new StringBuilder(texts.get(0));
        boolean anyEmpty = false;
        for (int i = 0; i < columns.size(); i++) {
            String value = value(values, columns.get(i));
            anyEmpty |= value.isEmpty();
            text.append(value.isEmpty() ? String.valueOf(EMPTY) : value).append(texts.get(i + 1));
        }
        return anyEmpty ? withoutEmpty(text.toString()) : text.toString();
    }

    private String value(Map<String, String> values, String column) {
        String value = values.get(column);
        if (value == null) {
            check(values.keySet());
            throw new IllegalArgumentException("%s: column %s is null".formatted(where, column));
        }
        return LIST_SEPARATOR.matcher(value.strip()).replaceAll(", ");
    }

    private static String withoutEmpty(String text) {
        return EMPTY_BRACKETS.matcher(text).replaceAll("").replace(String.valueOf(EMPTY), "");
    }
}
