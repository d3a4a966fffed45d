package org.dti4j.cli;

import java.util.List;
import org.dti4j.cli.config.Scalars;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers on the command line are read, and refused, as those of a configuration are. */
final class NumberOptions {
    private static final List<Class<?>> TYPES =
            List.of(int.class, Integer.class, Long.class, double.class, Double.class);

    private NumberOptions() {}

    /** Of all verbs that the tree has by now. */
    static CommandLine register(CommandLine tree) {
        TYPES.forEach(type -> register(tree, type));
        return tree;
    }

    private static <T> void register(CommandLine tree, Class<T> type) {
        tree.registerConverter(type, converter(type));
    }

    @SuppressWarnings("unchecked") // the reader answers with the type that it is asked for, or with its box
    private static <T> ITypeConverter<T> converter(Class<T> type) {
        return text -> (T) Scalars.number(text, type)
                .orElseThrow(
                        () -> new TypeConversionException("%s, must be %s".formatted(text, Scalars.expected(type))));
    }
}
