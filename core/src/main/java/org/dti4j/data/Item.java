package org.dti4j.data;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An item of the catalogue.
 *
 * @param id the id in the log, never part of a prompt
 * @param columns the text columns that a prompt template may use, for instance {@code title} and {@code genres}; a value
 *     that the source lacks is the empty string
 */
public record Item(String id, SortedMap<String, String> columns) {
    public Item {
        columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    }
}
