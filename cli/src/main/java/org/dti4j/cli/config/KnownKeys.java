package org.dti4j.cli.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** The keys of a configuration, and for one that is not among them what was most likely meant. */
final class KnownKeys {
    /** Dotted paths of all keys of all sections. */
    private final List<String> everywhere = new ArrayList<>();

    KnownKeys(Class<?> root) {
        collect(root, "");
    }

    private void collect(Class<?> type, String path) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = Binder.join(path, component.getName());
            everywhere.add(key);
            if (component.getType().isRecord()) {
                collect(component.getType(), key);
            }
        }
    }

    /** The keys of one section. */
    static List<String> of(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    /** A sentence for each given key that the section does not have, by where it stands. */
    Map<Node, String> unknown(Class<?> type, String path, Map<String, NodeTuple> given) {
        Map<Node, String> sentences = new LinkedHashMap<>();
        given.forEach((key, tuple) -> {
            if (!of(type).contains(key)) {
                sentences.put(tuple.getKeyNode(), sentence(type, path, key));
            }
        });
        return sentences;
    }

    private String sentence(Class<?> type, String path, String key) {
        String section = path.isEmpty() ? "the configuration" : path;
        return "%s is not a key; %s"
                .formatted(
                        Binder.join(path, key),
                        nearest(type, path, key)
                                .map("did you mean %s?"::formatted)
                                .orElse("the keys of %s are %s".formatted(section, String.join(", ", of(type)))));
    }

    private Optional<String> nearest(Class<?> type, String path, String key) {
        return NearestKey.of(key, of(type))
                .map(near -> Binder.join(path, near))
                .or(() -> everywhere.stream()
                        .filter(known -> known.endsWith("." + key) || known.equals(key))
                        .findFirst());
    }
}
