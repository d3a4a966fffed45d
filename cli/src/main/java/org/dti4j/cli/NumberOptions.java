package org.dti4j.cli;

import java.util.function.Function;
import org.dti4j.cli.config.Scalars;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers on the command line: what is none is told in the words that configurations use, not in those of Java. */
final class NumberOptions {
    private NumberOptions() {}

    /** Of all verbs that the tree has by now. */
    static CommandLine register(CommandLine tree) {
        ITypeConverter<Integer> integers = converter(Integer.class, Integer::valueOf);
        ITypeConverter<Double> doubles = converter(Double.class, Double::valueOf);
        return tree.registerConverter(int.class, integers)
                .registerConverter(Integer.class, integers)
                .registerConverter(Long.class, converter(Long.class, Long::valueOf))
                .registerConverter(double.class, doubles)
                .registerConverter(Double.class, doubles);
    }

    private static <T> ITypeConverter<T> converter(Class<T> type, Function<String, T> reader) {
        return text -> {
            try {
                return reader.apply(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("%s, must be %s".formatted(text, Scalars.expected(type)));
            }
        };
    }
}
