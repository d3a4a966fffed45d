package org.dti4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Writes small GGUF files, also wrong ones. */
final class GgufBuilder {
    /** A tensor as the head of the file has it: dimensions innermost first. */
    private record Place(String name, List<Long> dimensions, int type, long offset) {}

    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<Place> places = new ArrayList<>();
    private int version = 3;
    private int alignment = 32;
    private long keys;
    private long announcedKeys = -1;
    private long announcedTensors = -1;

    GgufBuilder version(int number) {
        version = number;
        return this;
    }

    GgufBuilder announcing(long tensors, long keyCount) {
        announcedTensors = tensors;
        announcedKeys = keyCount;
        return this;
    }

    GgufBuilder alignment(int bytes) {
        alignment = bytes;
        return put("general.alignment", bytes);
    }

    /** Int for a 32-bit unsigned number, Float, Boolean, String, or a list of these. */
    GgufBuilder put(String key, Object value) {
        putText(metadata, key);
        putInt(metadata, type(value));
        putValue(value);
        keys++;
        return this;
    }

    /** A key whose type and value are given as raw bytes. */
    GgufBuilder putRaw(String key, int type, byte... value) {
        putText(metadata, key);
        putInt(metadata, type);
        metadata.writeBytes(value);
        keys++;
        return this;
    }

    private static int type(Object value) {
        if (value instanceof Integer) {
            return 4;
        }
        if (value instanceof Float) {
            return 6;
        }
        if (value instanceof Boolean) {
            return 7;
        }
        return value instanceof String ? 8 : 9;
    }

    private void putValue(Object value) {
        if (value instanceof Integer number) {
            putInt(metadata, number);
        } else if (value instanceof Float number) {
            putInt(metadata, Float.floatToRawIntBits(number));
        } else if (value instanceof Boolean flag) {
            metadata.write(flag ? 1 : 0);
        } else if (value instanceof String text) {
            putText(metadata, text);
        } else {
            List<?> list = (List<?>) value;
            putInt(metadata, list.isEmpty() ? 4 : type(list.get(0)));
            putLong(metadata, list.size());
            list.forEach(this::putValue);
        }
    }

    GgufBuilder tensor(String name, GgmlType type, byte[] bytes, long... shapeOutermostFirst) {
        long[] dimensions = new long[shapeOutermostFirst.length];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = shapeOutermostFirst[dimensions.length - 1 - i];
        }
        int number = -1;
        for (int id = 0; id < 64; id++) {
            if (GgmlType.numbered(id).orElse(null) == type) {
                number = id;
            }
        }
        while (data.size() % alignment != 0) {
            data.write(0);
        }
        place(name, number, data.size(), dimensions);
        data.writeBytes(bytes);
        return this;
    }

    /** A tensor that may lie anywhere. */
    GgufBuilder place(String name, int type, long offset, long... dimensions) {
        places.add(new Place(name, LongStream.of(dimensions).boxed().toList(), type, offset));
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        putInt(file, GgufHeader.MAGIC);
        putInt(file, version);
        putLong(file, announcedTensors < 0 ? places.size() : announcedTensors);
        putLong(file, announcedKeys < 0 ? keys : announcedKeys);
        file.writeBytes(metadata.toByteArray());
        for (Place place : places) {
            putText(file, place.name());
            putInt(file, place.dimensions().size());
            for (long dimension : place.dimensions()) {
                putLong(file, dimension);
            }
            putInt(file, place.type());
            putLong(file, place.offset());
        }
        while (file.size() % alignment != 0) {
            file.write(0);
        }
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    Path write(Path path) {
        try {
            return Files.write(path, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void putText(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putLong(out, bytes.length);
        out.writeBytes(bytes);
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static void putInt(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private static void putLong(ByteArrayOutputStream out, long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
