package org.dti4j.data;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An item of the catalogue.
 *
 * @param id the id in the log; part of a prompt only where a template names it, as {@link #ID}
 * @param columns the text columns that a prompt template may use, for instance {@code title} and {@code genres}; a value
 *     that the source lacks is the empty string
 */
public record Item(String id, SortedMap<String, String> columns) {
    /** What templates and prepared files call the id; no text column is called so. */
    public static final String ID = "item_id";

    public Item {
        columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    }

    /** All that a prompt template may name: the text columns and the id. */
    public SortedMap<String, String> fields() {
        SortedMap<String, String> fields = new TreeMap<>(columns);
        fields.put(ID, id);
        return fields;
    }
}
