package org.dti4j.cli.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dti4j.problem.UserException;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Single values: what a scalar of YAML is as a value of a Java type. */
public final class Scalars {
    /** More digits than any number here has; making sense of a million takes minutes. */
    private static final int LONGEST_NUMBER = 100;

    private final Path folder;

    /** Relative paths in the file are relative to {@code folder}; those of overrides to the working directory. */
    Scalars(Path folder) {
        this.folder = folder;
    }

    /** The value, or nothing if the scalar is none of that type. */
    Optional<Object> value(ScalarNode node, Class<?> type) {
        String text = node.getValue();
        if (type == String.class) {
            return Optional.of(text);
        }
        if (type == Path.class) {
            return path(node);
        }
        if (type.isEnum()) {
            return Arrays.<Object>stream(type.getEnumConstants())
                    .filter(constant -> word((Enum<?>) constant).equals(text))
                    .findFirst();
        }
        if (parser(type).isPresent()) {
            return parse(parser(type).get(), text);
        }
        // a quoted "1" is text on purpose
        return node.isPlain() ? plain(text, type) : Optional.empty();
    }

    /** Whether the type is written as one value. */
    static boolean isScalar(Class<?> type) {
        return type == String.class
                || type == Path.class
                || type == Boolean.class
                || Number.class.isAssignableFrom(type)
                || type.isPrimitive()
                || type.isEnum()
                || parser(type).isPresent();
    }

    /** The type in the user's words, to follow "must be". */
    public static String expected(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> word((Enum<?>) constant))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number up to " + Integer.MAX_VALUE;
        }
        if (type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Path.class) {
            return "a path";
        }
        return type == String.class ? "text" : "one value that a " + type.getSimpleName() + " can be read from";
    }

    /** How an enum constant is written: {@code MOVIELENS_1M} as {@code movielens-1m}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The static {@code parse(String)} of a type that is written as one word and is no enum, if it offers one. */
    static Optional<Method> parser(Class<?> type) {
        return type.isPrimitive() || type.getName().startsWith("java.")
                ? Optional.empty()
                : Arrays.stream(type.getMethods())
                        .filter(method -> method.getName().equals("parse") && Modifier.isStatic(method.getModifiers()))
                        .filter(method -> method.getReturnType() == type
                                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}))
                        .findFirst();
    }

    private static Optional<Object> parse(Method parser, String text) {
        try {
            return Optional.of(parser.invoke(null, text));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof UserException mistake) {
                throw mistake;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Object> plain(String text, Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return text.equals("true") || text.equals("false")
                    ? Optional.of(Boolean.parseBoolean(text))
                    : Optional.empty();
        }
        return number(text, type);
    }

    /**
     * The number that a text says, or nothing if it says none that the type holds: infinities and what is no number at all are none.
     *
     * @param type of int, long or double, primitive or not
     */
    public static Optional<Object> number(String text, Class<?> type) {
        if (text.length() > LONGEST_NUMBER) {
            return Optional.empty();
        }
        try {
            return Optional.of(exactly(new BigDecimal(text), type));
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Object exactly(BigDecimal number, Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return number.intValueExact();
        }
        if (type == long.class || type == Long.class) {
            return number.longValueExact();
        }
        if (type == double.class || type == Double.class) {
            double value = number.doubleValue();
            if (Double.isInfinite(value)) {
                throw new ArithmeticException("beyond the range of double");
            }
            return value;
        }
        throw new IllegalStateException("configuration records hold no " + type.getName());
    }

    private Optional<Object> path(ScalarNode node) {
        try {
            Path path = Path.of(node.getValue());
            boolean override = node.getStartMark().map(YamlTree::isOverride).orElse(false);
            return Optional.of((override ? path.toAbsolutePath() : folder.resolve(path)).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
