package org.dti4j.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dti4j.problem.UserException;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * YAML text as a tree of nodes that know their lines. Only the graph of nodes is made, never an object of a type that the text
 * names; depth and aliases are limited, so that a small file cannot grow into a large tree.
 */
final class YamlTree {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ALIASES = 16;
    private static final DumpSettings QUOTED = DumpSettings.builder()
            .setDefaultScalarStyle(ScalarStyle.DOUBLE_QUOTED)
            .setSplitLines(false)
            .build();

    /** Stands for the name of a section's first key, which the tree does not know: see the binder's shorthand. */
    static final String FIRST_KEY = "";

    private YamlTree() {}

    /** The mapping that {@code text} holds; an empty text is an empty mapping. */
    static MappingNode parse(String name, String text) {
        Optional<Node> root = compose(name, text);
        if (root.isEmpty()) {
            return emptyMapping();
        }
        if (root.get() instanceof MappingNode mapping) {
            return mapping;
        }
        throw new UserException("%s: must be a mapping of sections to settings, as in \"train: {epochs: 3}\", is %s"
                .formatted(name, Findings.shortened(describe(root.get()))));
    }

    /** Merges {@code section.key=value} overrides into the tree, later ones over earlier ones. */
    static void override(MappingNode root, List<String> overrides) {
        List<String> problems = new ArrayList<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            List<String> path =
                    List.of(override.substring(0, Math.max(equals, 0)).strip().split("\\.", -1));
            if (equals < 0 || path.size() > MAX_DEPTH || path.stream().anyMatch(String::isBlank)) {
                problems.add("--set %s: must be section.key=value, as in --set train.epochs=3"
                        .formatted(Findings.shortened(override)));
                continue;
            }
            try {
                Optional<Node> value = compose("--set " + Findings.shortened(override), override.substring(equals + 1));
                set(root, path, value.orElseGet(() -> new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN)));
            } catch (UserException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
    }

    /** An override that gives {@code key} this value: words and lists in brackets as they stand, text that YAML would take for something else in quotes. */
    static String override(String key, String value) {
        return key + "="
                + (isReadAsWritten(value)
                        ? value
                        : new Dump(QUOTED).dumpToString(value).strip());
    }

    private static boolean isReadAsWritten(String value) {
        try {
            return compose("a value", value)
                    .filter(node -> (node instanceof SequenceNode list && list.getFlowStyle() == FlowStyle.FLOW)
                            || (node instanceof ScalarNode scalar
                                    && scalar.getValue().equals(value)))
                    .isPresent();
        } catch (UserException e) {
            return false;
        }
    }

    private static void set(MappingNode mapping, List<String> path, Node value) {
        String key = path.get(0);
        if (path.size() == 1) {
            put(mapping, key, value);
            return;
        }
        Node child = get(mapping, key).orElse(null);
        if (child instanceof MappingNode section) {
            set(section, path.subList(1, path.size()), value);
        } else {
            MappingNode section = emptyMapping();
            if (child instanceof ScalarNode shorthand && !shorthand.getTag().equals(Tag.NULL)) {
                put(section, FIRST_KEY, shorthand);
            }
            put(mapping, key, section);
            set(section, path.subList(1, path.size()), value);
        }
    }

    /** Whether there is a node at the end of the keys. */
    static boolean has(MappingNode mapping, List<String> path) {
        Optional<Node> child = get(mapping, path.get(0));
        return path.size() == 1
                ? child.isPresent()
                : child.filter(node ->
                                node instanceof MappingNode section && has(section, path.subList(1, path.size())))
                        .isPresent();
    }

    /** Whether a key's value is a single word or number. */
    static boolean isWord(MappingNode mapping, String key) {
        return get(mapping, key).filter(ScalarNode.class::isInstance).isPresent();
    }

    private static Optional<Node> get(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(tuple -> isKey(tuple, key))
                .map(NodeTuple::getValueNode)
                .findFirst();
    }

    private static void put(MappingNode mapping, String key, Node value) {
        List<NodeTuple> tuples = new ArrayList<>(mapping.getValue());
        tuples.removeIf(tuple -> isKey(tuple, key));
        ScalarNode name =
                new ScalarNode(Tag.STR, true, key, ScalarStyle.PLAIN, value.getStartMark(), value.getEndMark());
        tuples.add(new NodeTuple(name, value));
        mapping.setValue(tuples);
    }

    private static boolean isKey(NodeTuple tuple, String key) {
        return tuple.getKeyNode() instanceof ScalarNode scalar
                && scalar.getValue().equals(key);
    }

    private static Optional<Node> compose(String name, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .build();
        try {
            checkDepth(name, settings, text);
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark()
                    .map(mark -> location(mark) + ", column " + (mark.getColumn() + 1))
                    .orElse(name);
            throw new UserException("%s: is not YAML: %s".formatted(where, Findings.shortened(e.getProblem())), e);
        } catch (YamlEngineException e) {
            throw new UserException(
                    "%s: is not YAML: %s".formatted(name, Findings.shortened(String.valueOf(e.getMessage()))), e);
        }
    }

    /** Composing recurses, parsing does not: so the depth is known before anything recurses. */
    private static void checkDepth(String name, LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                throw new UserException("%s: is nested more than %d deep"
                        .formatted(event.getStartMark().map(YamlTree::location).orElse(name), MAX_DEPTH));
            }
        }
    }

    /** Where a node stands, as {@code file:line}, or the override that it is from. */
    static String location(Mark mark) {
        return isOverride(mark) ? mark.getName() : mark.getName() + ":" + (mark.getLine() + 1);
    }

    /** Whether a node is from the command line and not from the file. */
    static boolean isOverride(Mark mark) {
        return mark.getName().startsWith("--set ");
    }

    static String describe(Node node) {
        return switch (node.getNodeType()) {
            case SCALAR -> ((ScalarNode) node).getValue().isEmpty() ? "empty" : ((ScalarNode) node).getValue();
            case SEQUENCE -> "a list";
            case MAPPING -> "a mapping";
            case ANCHOR -> "an alias";
        };
    }

    static MappingNode emptyMapping() {
        return new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK);
    }
}
