package org.dti4j.cli.experiment;

import java.util.List;
import java.util.Map;

/**
 * A row of a grid, or several that differ in the values of a key.
 *
 * @param name in tables; {@code {section.key}} stands for the value of a varied key, and is appended if the name has none
 * @param set keys of a run's configuration and their values
 * @param over keys and the values that each takes in turn: a row of the table for every combination
 * @param against the rows that this one is compared with, the first one in the table; empty for the grid's first row
 */
public record GridRow(String name, Map<String, String> set, Map<String, List<String>> over, List<String> against) {
    /** A row that is the base configuration. */
    public static GridRow defaults() {
        return new GridRow("", Map.of(), Map.of(), List.of());
    }
}
