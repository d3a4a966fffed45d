package org.dti4j.cli.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.cli.config.ConfigReader;

/**
 * A line of the table: a row of the grid with one value for each of its varied keys.
 *
 * @param id names its run folders: the row's key and the varied values
 * @param name in tables
 * @param row key of the row
 * @param values of the varied keys
 * @param settings all that differs from the base, as {@code section.key=value}
 * @param against keys of the rows that it is compared with
 */
public record Variant(
        String id, String name, String row, Map<String, String> values, List<String> settings, List<String> against) {

    static List<Variant> of(String key, GridRow row) {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (var varied : row.over().entrySet()) {
            combinations = combinations.stream()
                    .flatMap(some -> varied.getValue().stream().map(value -> {
                        Map<String, String> more = new LinkedHashMap<>(some);
                        more.put(varied.getKey(), value);
                        return more;
                    }))
                    .toList();
        }
        return combinations.stream().map(values -> of(key, row, values)).toList();
    }

    private static Variant of(String key, GridRow row, Map<String, String> values) {
        String id = key;
        String name = row.name().isEmpty() ? key : row.name();
        List<String> settings = new ArrayList<>();
        row.set().forEach((setting, value) -> settings.add(ConfigReader.override(setting, value)));
        for (var value : values.entrySet()) {
            id += "-" + value.getValue();
            String place = "{" + value.getKey() + "}";
            String last = value.getKey().substring(value.getKey().lastIndexOf('.') + 1);
            name = name.contains(place)
                    ? name.replace(place, value.getValue())
                    : name + ", " + last + " " + value.getValue();
            settings.add(ConfigReader.override(value.getKey(), value.getValue()));
        }
        return new Variant(id, name, key, values, settings, row.against());
    }

    /** Whether it has the same varied values as another where both vary the same keys. */
    boolean matches(Variant other) {
        return values.entrySet().stream()
                .allMatch(value -> other.values
                        .getOrDefault(value.getKey(), value.getValue())
                        .equals(value.getValue()));
    }
}
