package org.dti4j.cli.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Binds a tree of YAML nodes to records by the names of their components, and goes on after a problem to find the others. */
final class Binder {
    private final Findings findings;
    private final Scalars scalars;
    private final KnownKeys keys;

    /** A value that was bound, which may be null; a failure is no Bound at all. */
    private record Bound(@Nullable Object value) {}

    Binder(Findings findings, Scalars scalars, KnownKeys keys) {
        this.findings = findings;
        this.scalars = scalars;
        this.keys = keys;
    }

    /** The record, or nothing if problems kept it from being made; the findings then say which. */
    Optional<Record> bind(Node root, Class<?> type, @Nullable Record defaults) {
        Bound bound = record(root, type, "", defaults);
        return bound == null ? Optional.empty() : Optional.ofNullable((Record) bound.value());
    }

    private @Nullable Bound value(Node node, Type type, String path, @Nullable Object fallback) {
        Class<?> raw = raw(type);
        if (raw == List.class || raw == Set.class) {
            return list(node, raw, argument(type, 0), path);
        }
        if (raw == Map.class) {
            return map(node, raw(argument(type, 0)), argument(type, 1), path);
        }
        if (raw.isRecord() && !(node instanceof ScalarNode && Scalars.isScalar(raw))) {
            return record(node, raw, path, (Record) fallback);
        }
        return node instanceof ScalarNode scalar ? scalar(scalar, raw, path) : wrong(node, path, Scalars.expected(raw));
    }

    private @Nullable Bound scalar(ScalarNode node, Class<?> type, String path) {
        try {
            Optional<Object> value = scalars.value(node, type);
            return value.isPresent() ? new Bound(value.get()) : wrong(node, path, Scalars.expected(type));
        } catch (UserException e) {
            findings.addAll(e.problems(), node);
            return null;
        }
    }

    private @Nullable Bound wrong(Node node, String path, String expected) {
        findings.add(node, "%s = %s, must be %s".formatted(path, YamlTree.describe(node), expected));
        return null;
    }

    private @Nullable Bound list(Node node, Class<?> raw, Type element, String path) {
        if (!(node instanceof SequenceNode sequence)) {
            return wrong(node, path, "a list, as in [a, b]");
        }
        List<Object> values = new ArrayList<>();
        int before = findings.count();
        for (Node child : sequence.getValue()) {
            Bound bound = value(child, element, "%s[%d]".formatted(path, values.size()), null);
            values.add(bound == null || bound.value() == null ? "" : bound.value());
        }
        if (findings.count() > before) {
            return null;
        }
        return new Bound(
                raw == List.class ? List.copyOf(values) : Collections.unmodifiableSet(new LinkedHashSet<>(values)));
    }

    private @Nullable Bound map(Node node, Class<?> keyType, Type valueType, String path) {
        if (!(node instanceof MappingNode mapping)) {
            return wrong(node, path, "a mapping, as in {key: value}");
        }
        Map<Object, Object> values = new LinkedHashMap<>();
        int before = findings.count();
        for (NodeTuple tuple : unique(mapping, path).values()) {
            ScalarNode keyNode = (ScalarNode) tuple.getKeyNode();
            Bound key = scalar(keyNode, keyType, path);
            Bound value = value(tuple.getValueNode(), valueType, join(path, keyNode.getValue()), null);
            if (key != null && key.value() != null && value != null && value.value() != null) {
                values.put(key.value(), value.value());
            }
        }
        return findings.count() > before ? null : new Bound(Collections.unmodifiableMap(values));
    }

    private @Nullable Bound record(Node node, Class<?> type, String path, @Nullable Record fallback) {
        RecordComponent[] components = type.getRecordComponents();
        Map<String, NodeTuple> given;
        if (node instanceof MappingNode mapping) {
            given = unique(mapping, path);
            if (given.containsKey(YamlTree.FIRST_KEY)) {
                given.putIfAbsent(components[0].getName(), given.remove(YamlTree.FIRST_KEY));
            }
        } else if (node instanceof ScalarNode && Scalars.isScalar(components[0].getType()) && !path.isEmpty()) {
            // a section written as one word sets its first key: "model: nano"
            given = Map.of(components[0].getName(), new NodeTuple(node, node));
        } else {
            return wrong(node, path, "a mapping with the keys " + String.join(", ", KnownKeys.of(type)));
        }
        given.forEach((key, tuple) -> findings.place(join(path, key), tuple.getKeyNode()));
        keys.unknown(type, path, given).forEach(findings::add);
        return construct(type, components(components, type, given, path, fallback, node), node);
    }

    /** Values of all components, or nothing if one has neither a value nor a default. */
    private Optional<Object[]> components(
            RecordComponent[] components,
            Class<?> type,
            Map<String, NodeTuple> given,
            String path,
            @Nullable Record fallback,
            Node section) {
        Record defaults = fallback != null ? fallback : Defaults.of(type).orElse(null);
        @Nullable Object[] values = new @Nullable Object[components.length];
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            Object byDefault = defaults == null ? null : Defaults.component(defaults, component);
            Bound bound =
                    component(component, given.get(component.getName()), join(path, component.getName()), byDefault);
            values[i] = bound == null ? byDefault : bound.value();
            if (values[i] == null && !isNullable(component)) {
                complete = false;
                if (!given.containsKey(component.getName()) && !isSection(component.getType())) {
                    findings.add(
                            section,
                            "%s is missing, must be %s"
                                    .formatted(
                                            join(path, component.getName()),
                                            Scalars.expected(raw(component.getGenericType()))));
                }
            }
            if (i == 0 && values[0] != null) {
                defaults = defaultsOf(type, values[0], section).orElse(defaults);
            }
        }
        return complete ? Optional.of(values) : Optional.empty();
    }

    private Optional<Record> defaultsOf(Class<?> type, Object first, Node section) {
        try {
            return Defaults.of(type, first);
        } catch (UserException e) {
            findings.addAll(e.problems(), section);
            return Optional.empty();
        }
    }

    private @Nullable Bound component(
            RecordComponent component, @Nullable NodeTuple given, String path, @Nullable Object byDefault) {
        if (given == null) {
            return byDefault == null && isSection(component.getType()) && !isNullable(component)
                    ? record(YamlTree.emptyMapping(), component.getType(), path, null)
                    : null;
        }
        Node node = given.getValueNode();
        if (node.getTag().equals(Tag.NULL)) {
            if (isNullable(component)) {
                return new Bound(null);
            }
            findings.add(
                    given.getKeyNode(),
                    "%s has no value, must be %s (or leave the key out)"
                            .formatted(path, Scalars.expected(raw(component.getGenericType())) + empty(component)));
            return null;
        }
        return value(node, component.getGenericType(), path, byDefault);
    }

    /** How text says that there is none of it, which a key without a value does not. */
    private static String empty(RecordComponent component) {
        return component.getType() == String.class ? ", \"\" for none" : "";
    }

    private @Nullable Bound construct(Class<?> type, Optional<Object[]> values, Node node) {
        if (values.isEmpty()) {
            return null;
        }
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new Bound(constructor.newInstance(values.get()));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof UserException mistake) {
                findings.addAll(mistake.problems(), node);
                return null;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tuples of a mapping by key; a key given twice, or one that is no word, is a problem. */
    private Map<String, NodeTuple> unique(MappingNode mapping, String path) {
        Map<String, NodeTuple> tuples = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                findings.add(tuple.getKeyNode(), "%s has a key that is no word".formatted(path));
            } else if (tuples.putIfAbsent(key.getValue(), tuple) != null) {
                findings.add(key, "%s is given twice".formatted(join(path, key.getValue())));
            }
        }
        return tuples;
    }

    /** Whether a type is written as a mapping of its components; what is missing in it is told key by key. */
    private static boolean isSection(Class<?> type) {
        return type.isRecord() && !Scalars.isScalar(type);
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type);
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }
}
