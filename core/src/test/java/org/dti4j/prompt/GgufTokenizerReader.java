package org.dti4j.prompt;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the metadata at the start of a GGUF file, as far as tests of its tokenizer need them. */
final class GgufTokenizerReader {
    private final DataInputStream in;

    private GgufTokenizerReader(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in));
    }

    static GgufTokenizerData read(InputStream stream) throws IOException {
        Map<String, Object> metadata = new GgufTokenizerReader(stream).metadata();
        return new GgufTokenizerData(
                (String) value(metadata, "model"),
                (String) value(metadata, "pre"),
                list(metadata, "tokens", String.class),
                list(metadata, "token_type", Integer.class),
                list(metadata, "merges", String.class),
                List.of(),
                OptionalInt.of((Integer) value(metadata, "bos_token_id")),
                OptionalInt.of((Integer) value(metadata, "unknown_token_id")),
                (Boolean) value(metadata, "add_bos_token"),
                (Boolean) value(metadata, "add_space_prefix"));
    }

    private static Object value(Map<String, Object> metadata, String key) {
        Object value = metadata.get("tokenizer.ggml." + key);
        if (value == null) {
            throw new AssertionError("no " + key);
        }
        return value;
    }

    private static <T> List<T> list(Map<String, Object> metadata, String key, Class<T> type) {
        return ((List<?>) value(metadata, key)).stream().map(type::cast).toList();
    }

    private Map<String, Object> metadata() throws IOException {
        in.skipNBytes(16);
        long count = int64();
        Map<String, Object> metadata = new HashMap<>();
        for (long i = 0; i < count; i++) {
            metadata.put(string(), value(int32()));
        }
        return metadata;
    }

    /** The value of one of GGUF's types, by number. */
    private Object value(int type) throws IOException {
        return switch (type) {
            case 0, 1 -> (int) in.readByte();
            case 2, 3 -> (int) Short.reverseBytes(in.readShort());
            case 4, 5 -> int32();
            case 6 -> Float.intBitsToFloat(int32());
            case 7 -> in.readByte() != 0;
            case 8 -> string();
            case 9 -> array();
            case 10, 11 -> int64();
            case 12 -> Double.longBitsToDouble(int64());
            default -> throw new AssertionError("type " + type);
        };
    }

    private List<Object> array() throws IOException {
        int type = int32();
        long length = int64();
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            values.add(value(type));
        }
        return values;
    }

    private int int32() throws IOException {
        return Integer.reverseBytes(in.readInt());
    }

    private long int64() throws IOException {
        return Long.reverseBytes(in.readLong());
    }

    private String string() throws IOException {
        return new String(in.readNBytes(Math.toIntExact(int64())), StandardCharsets.UTF_8);
    }
}
