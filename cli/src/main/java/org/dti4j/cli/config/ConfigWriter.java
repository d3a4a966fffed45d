package org.dti4j.cli.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes records as the YAML that {@link ConfigReader} reads back to equal records, every default written out. */
public final class ConfigWriter {
    private ConfigWriter() {}

    public static String write(Record config) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(tree(config));
    }

    /** Records as maps from key to value, in the order of their components. */
    private static @Nullable Object tree(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof Number || value instanceof String) {
            return value;
        }
        if (value instanceof Enum<?> constant) {
            return Scalars.word(constant);
        }
        if (value instanceof Path path) {
            return path.toAbsolutePath().normalize().toString();
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(ConfigWriter::tree).toList();
        }
        if (value instanceof Map<?, ?> map) {
            return mapTree(map);
        }
        if (value instanceof Record record && Scalars.parser(record.getClass()).isEmpty()) {
            return recordTree(record);
        }
        return word(value.toString());
    }

    /** A value of a type of its own, as it would be written by hand: a number without quotes. */
    private static Object word(String text) {
        return text.matches("\\d{1,9}") ? (Object) Integer.valueOf(text) : text;
    }

    private static Map<Object, @Nullable Object> mapTree(Map<?, ?> map) {
        Map<Object, @Nullable Object> tree = new LinkedHashMap<>();
        map.forEach((key, value) -> tree.put(String.valueOf(tree(key)), tree(value)));
        return tree;
    }

    private static Map<Object, @Nullable Object> recordTree(Record record) {
        Map<Object, @Nullable Object> tree = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            tree.put(component.getName(), tree(Defaults.component(record, component)));
        }
        return tree;
    }
}
