package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/** The key-value part of a GGUF file: integers as Long, floats as Float or Double, flags as Boolean, strings, and lists of these. */
final class GgufMetadata {
    private static final int MAX_NESTING = 4;
    private static final int KEY_BYTES = 8 + 4 + 1;

    /** Value types by the numbers of the format, with the least bytes that one takes and the heap that it takes in a list. */
    private enum ValueType {
        UINT8(1, 24),
        INT8(1, 24),
        UINT16(2, 24),
        INT16(2, 24),
        UINT32(4, 24),
        INT32(4, 24),
        FLOAT32(4, 24),
        BOOL(1, 4),
        STRING(8, 8),
        ARRAY(12, 64),
        UINT64(8, 28),
        INT64(8, 28),
        FLOAT64(8, 28);

        private final int leastBytes;
        private final int heapBytes;

        ValueType(int leastBytes, int heapBytes) {
            this.leastBytes = leastBytes;
            this.heapBytes = heapBytes;
        }
    }

    private final Path file;
    private final Map<String, Object> values;
    private final Section section;

    /**
     * Where the keys and their values lie in the file.
     *
     * @param places of single values, by key
     */
    record Section(long keys, long start, long end, Map<String, Long> places) {}

    private GgufMetadata(Path file, Map<String, Object> values, Section section) {
        this.file = file;
        this.values = values;
        this.section = section;
    }

    static GgufMetadata read(Path file, GgufInput input, long count) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (count < 0 || count > input.remaining() / KEY_BYTES) {
            throw input.damaged("the number of metadata keys is %s, more than the rest of the file can hold"
                    .formatted(Long.toUnsignedString(count)));
        }
        Map<String, Long> places = new LinkedHashMap<>();
        long start = input.position();
        for (long i = 0; i < count; i++) {
            String key = input.nextString("metadata key " + i);
            ValueType type = valueType(input, key);
            places.put(key, input.position());
            if (values.put(key, value(input, key, type, 0)) != null) {
                throw input.damaged("metadata key %s is there twice".formatted(key));
            }
        }
        return new GgufMetadata(file, values, new Section(count, start, input.position(), places));
    }

    private static ValueType valueType(GgufInput input, String key) {
        int number = input.nextInt("the type of " + key);
        if (number < 0 || number >= ValueType.values().length) {
            throw input.damaged("metadata key %s has the unknown type %d".formatted(key, number));
        }
        return ValueType.values()[number];
    }

    private static Object value(GgufInput input, String key, ValueType type, int nesting) {
        return switch (type) {
            case UINT8 -> (long) (input.nextByte(key) & 0xff);
            case INT8 -> (long) input.nextByte(key);
            case UINT16 -> (long) (input.nextShort(key) & 0xffff);
            case INT16 -> (long) input.nextShort(key);
            case UINT32 -> input.nextInt(key) & 0xffff_ffffL;
            case INT32 -> (long) input.nextInt(key);
            case FLOAT32 -> Float.intBitsToFloat(input.nextInt(key));
            case BOOL -> input.nextByte(key) != 0;
            case STRING -> input.nextString(key);
            case ARRAY -> array(input, key, nesting + 1);
            case UINT64 -> unsigned(input, key);
            case INT64 -> input.nextLong(key);
            case FLOAT64 -> Double.longBitsToDouble(input.nextLong(key));
        };
    }

    private static long unsigned(GgufInput input, String key) {
        long value = input.nextLong(key);
        if (value < 0) {
            throw input.damaged(
                    "metadata key %s = %s, must be below 2^63".formatted(key, Long.toUnsignedString(value)));
        }
        return value;
    }

    private static List<Object> array(GgufInput input, String key, int nesting) {
        if (nesting > MAX_NESTING) {
            throw input.damaged("metadata key %s nests more than %d arrays".formatted(key, MAX_NESTING));
        }
        ValueType type = valueType(input, key);
        long count = input.nextCount("the length of " + key, type.leastBytes);
        Object[] elements = new Object[input.claim(count, type.heapBytes, 64, key)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = value(input, key, type, nesting);
        }
        return Collections.unmodifiableList(Arrays.asList(elements));
    }

    Section section() {
        return section;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key, String otherwise) {
        Object value = values.get(key);
        return value == null ? otherwise : cast(key, value, String.class, "a string");
    }

    int requiredInteger(String key) {
        return integer(key).orElseThrow(() -> new UserException("%s: metadata key %s is missing".formatted(file, key)));
    }

    OptionalInt integer(String key) {
        Object value = values.get(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        long number = cast(key, value, Long.class, "an integer, the same for all layers");
        if (number != (int) number) {
            throw new UserException("%s: metadata key %s = %d, must fit 32 bits".formatted(file, key, number));
        }
        return OptionalInt.of((int) number);
    }

    /** A number; one that was stored in 32 bits is the decimal number that it was rounded from, for instance 1e-5. */
    double number(String key, double otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        Number number = cast(key, value, Number.class, "a number");
        return number instanceof Float ? Double.parseDouble(number.toString()) : number.doubleValue();
    }

    @Nullable
    Boolean flag(String key) {
        Object value = values.get(key);
        return value == null ? null : cast(key, value, Boolean.class, "true or false");
    }

    /** A list whose elements are all of one class; empty where there is none. */
    <T> List<T> list(String key, Class<T> element, String mustBe) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        List<?> list = cast(key, value, List.class, "a list");
        return list.stream()
                .<T>map(one -> cast(key, one, element, "a list of " + mustBe))
                .toList();
    }

    private <T> T cast(String key, Object value, Class<T> type, String mustBe) {
        if (!type.isInstance(value)) {
            String shown = value instanceof List ? "a list" : value.toString();
            throw new UserException("%s: metadata key %s = %s, must be %s".formatted(file, key, shown, mustBe));
        }
        return type.cast(value);
    }
}
