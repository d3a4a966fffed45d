package org.dti4j.cli.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Reads a configuration into records, strictly.
 *
 * <ul>
 *   <li>Keys are the names of record components. An unknown one is an error that names the nearest known one.
 *   <li>A key that is left out takes the value that the record's static {@code defaults()} has; where the defaults follow from the
 *       first component (a method's name), {@code named(first)} is asked.
 *   <li>Ranges are the business of the record's own constructor, which throws a {@link org.dti4j.problem.UserException}.
 *   <li>Enum constants are written in lower case with hyphens; a type with a static {@code parse(String)} as what that takes.
 *   <li>A section written as one word sets its first key: {@code model: nano}.
 *   <li>Relative paths are relative to the folder of the file; those of overrides to the working directory.
 * </ul>
 *
 * All problems of a file are told at once, in the order of its lines.
 */
public final class ConfigReader {
    private static final ConfigSource NOTHING = new ConfigSource("--set", "", Path.of(""));

    private ConfigReader() {}

    /** What {@link #read} takes to give {@code key} a value that stood in YAML: quoted where YAML would read another one. */
    public static String override(String key, String value) {
        return YamlTree.override(key, value);
    }

    /** Whether a section's key is written there, with whatever value. */
    static boolean gives(ConfigSource source, List<String> overrides, String section, String key) {
        return YamlTree.has(tree(source, overrides), List.of(section, key));
    }

    /** The same of overrides alone. */
    static boolean gives(List<String> overrides, String section, String key) {
        return gives(NOTHING, overrides, section, key);
    }

    /** Whether overrides say a section's main key, by itself or as the section's one word. */
    static boolean givesMain(List<String> overrides, String section, String key) {
        return gives(overrides, section, key) || YamlTree.isWord(tree(NOTHING, overrides), section);
    }

    private static MappingNode tree(ConfigSource source, List<String> overrides) {
        MappingNode root = YamlTree.parse(source.name(), source.text());
        YamlTree.override(root, overrides);
        return root;
    }

    /**
     * Reads a configuration.
     *
     * @param overrides of the form {@code section.key=value}, later ones over earlier ones, all over the file
     * @throws org.dti4j.problem.UserException with every problem that was found
     */
    public static <R extends Record> R read(ConfigSource source, List<String> overrides, Class<R> type) {
        return read(source, overrides, type, null);
    }

    /** The same with other defaults than those of {@code type}. */
    public static <R extends Record> R read(
            ConfigSource source, List<String> overrides, Class<R> type, @Nullable R defaults) {
        MappingNode root = tree(source, overrides);
        Findings findings = new Findings(source.name());
        var bound = new Binder(findings, new Scalars(source.folder()), new KnownKeys(type)).bind(root, type, defaults);
        findings.throwIfAny();
        return type.cast(bound.orElseThrow());
    }
}
