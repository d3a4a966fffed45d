package org.dti4j.checkpoint;

import static org.dti4j.checkpoint.Hostile.Format.GGUF;
import static org.dti4j.checkpoint.Hostile.Format.SAFETENSORS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Malformed files of tensors. */
final class HostileTensors {
    private static final long[] COUNTS = {
        -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 1L << 40, 1L << 32, (1L << 32) + 1, Integer.MAX_VALUE, 1 << 20
    };
    private static final String TENSOR = "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}";

    private HostileTensors() {}

    static Stream<Hostile> all() {
        List<Hostile> found = new ArrayList<>();
        safetensorsLengths(found);
        safetensorsHeaders(found);
        safetensorsTensors(found);
        ggufCounts(found);
        ggufMetadata(found);
        ggufTensors(found);
        return found.stream();
    }

    private static byte[] safetensors(long announced, String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
        return file.putLong(announced).put(json).array();
    }

    private static Hostile header(String what, String header, int data, String expected) {
        return new Hostile(
                what, SAFETENSORS, safetensors(header.getBytes(StandardCharsets.UTF_8).length, header, data), expected);
    }

    private static void safetensorsLengths(List<Hostile> found) {
        String header = TENSOR.formatted("F32", "[2]", "[0,8]");
        byte[] whole = safetensors(header.length(), header, 8);
        for (int length = 0; length < whole.length; length++) {
            found.add(new Hostile(
                    "cut to %d bytes".formatted(length),
                    SAFETENSORS,
                    Arrays.copyOf(whole, length),
                    length < 8 ? "has %d bytes, a safetensors file has a header".formatted(length) : "cut off"));
        }
        for (long announced : COUNTS) {
            found.add(new Hostile(
                    "a header of " + announced,
                    SAFETENSORS,
                    safetensors(announced, header, 8),
                    "says its header has %s bytes, must be 2 to".formatted(Long.toUnsignedString(announced))));
        }
        for (int less = 1; less < 10; less++) {
            found.add(new Hostile(
                    "a header %d bytes longer than said".formatted(less),
                    SAFETENSORS,
                    safetensors(header.length() - less, header, 8),
                    "the header is not valid JSON"));
        }
    }

    private static void safetensorsHeaders(List<Hostile> found) {
        List<String> notJson =
                List.of("[]", "1", "\"x\"", "null", "  ", "{]", "{\"w\"}", "{\"w\":}", "{,}", "\0\0\0\0", "{'w':1}");
        notJson.forEach(text -> found.add(
                header("header " + text.replace('\0', '0'), text, 0, "the header is not|says its header has")));
        for (String value : List.of("1", "[]", "\"F32\"", "null", "true")) {
            found.add(header(
                    "a tensor that is " + value, "{\"w\":%s}".formatted(value), 0, "header entry w is not an object"));
        }
        found.add(header("deep nesting", "{\"w\":" + "[".repeat(100_000), 0, "header entry w is not an object"));
        found.add(header(
                "deep nesting of shapes", "{\"w\":{\"shape\":" + "[".repeat(100_000), 0, "not an integer of 64 bits"));
        found.add(header("deep metadata", "{\"__metadata__\":{\"a\":{\"b\":1}}}", 0, "__metadata__.a is not a string"));
        found.add(header(
                "no dtype", "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "lacks dtype, shape or data_offsets"));
        found.add(header(
                "no shape",
                "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
                8,
                "lacks dtype, shape or data_offsets"));
        found.add(header(
                "no offsets", "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "lacks dtype, shape or data_offsets"));
        found.add(header("a number as dtype", "{\"w\":{\"dtype\":7}}", 8, "dtype is not a string"));
        found.add(header("an unknown field", "{\"w\":{\"evil\":7}}", 8, "unknown field evil"));
        found.add(header(
                "a name twice",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                8,
                "[Dd]uplicate"));
        found.add(header("what goes on after the header", "{}{}", 0, "goes on after its JSON object"));
        found.add(header("bytes of no tensor", "{}", 5, "5 bytes that belong to no tensor"));
    }

    private static void safetensorsTensors(List<Hostile> found) {
        for (StoredType type : StoredType.values()) {
            found.add(header(
                    type + " with a byte too many",
                    TENSOR.formatted(type, "[8]", "[0,%d]".formatted(type.bits() + 1)),
                    type.bits() + 1,
                    "tensor w has %d bytes, must be %d".formatted(type.bits() + 1, type.bits())));
        }
        for (String type : List.of("f32", "F128", "COMPLEX", "", "BF16 ", "FLOAT")) {
            found.add(header("type '%s'".formatted(type), TENSOR.formatted(type, "[2]", "[0,8]"), 8, "unknown type"));
        }
        for (String shape : List.of(
                "[9223372036854775807]",
                "[4294967296,4294967296]",
                "[65536,65536,65536,65536]",
                "[3037000500,3037000500]",
                "[0,9223372036854775807,9]",
                "[2305843009213693952,2]")) {
            found.add(header(
                    "shape " + shape,
                    TENSOR.formatted("F32", shape, "[0,8]"),
                    8,
                    "impossible size|has 8 bytes, must be"));
        }
        for (String shape : List.of("[-1]", "[-2,-1]", "[2,-9223372036854775808]")) {
            found.add(header(
                    "shape " + shape, TENSOR.formatted("F32", shape, "[0,8]"), 8, "no dimension may be negative"));
        }
        for (String shape :
                List.of("[2.5]", "[\"2\"]", "[null]", "[[2]]", "[1e3]", "[99999999999999999999]", "[true]")) {
            found.add(
                    header("shape " + shape, TENSOR.formatted("F32", shape, "[0,8]"), 8, "not an integer of 64 bits"));
        }
        found.add(header(
                "10,000 dimensions", TENSOR.formatted("F32", "[" + "1,".repeat(9999) + "1]", "[0,8]"), 8, "more than"));
        for (String offsets : List.of(
                "[0,9]",
                "[8,16]",
                "[-8,0]",
                "[8,0]",
                "[9223372036854775807,9223372036854775807]",
                "[0,1000000]",
                "[-4,4]")) {
            found.add(header("offsets " + offsets, TENSOR.formatted("F32", "[2]", offsets), 8, "lies at bytes"));
        }
        for (String offsets : List.of("[]", "[0]")) {
            found.add(header(
                    "offsets " + offsets, TENSOR.formatted("F32", "[2]", offsets), 8, "data_offsets, must be 2"));
        }
        found.add(header("three offsets", TENSOR.formatted("F32", "[2]", "[0,8,8]"), 8, "more than 2 numbers"));
        String two =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}";
        found.add(header("two at one place", two.formatted(0, 8, 0, 8), 8, "overlaps another"));
        found.add(header("two that overlap by half", two.formatted(0, 8, 4, 12), 12, "overlaps another"));
        found.add(header("a gap between two", two.formatted(0, 8, 9, 17), 17, "lies behind a gap"));
        found.add(header("a gap at the start", two.formatted(4, 12, 12, 20), 20, "lies behind a gap"));
    }

    private static GgufBuilder gguf() {
        return new GgufBuilder().put("general.architecture", "llama");
    }

    private static Hostile gguf(String what, GgufBuilder builder, String expected) {
        return new Hostile(what, GGUF, builder.bytes(), expected);
    }

    private static void ggufCounts(List<Hostile> found) {
        byte[] whole = gguf().put("a", List.of("x", "y"))
                .tensor("w", GgmlType.F32, GgufBuilder.floats(1, 2), 2)
                .bytes();
        for (int length = 4; length < whole.length; length += 2) {
            found.add(new Hostile(
                    "cut to %d bytes".formatted(length),
                    GGUF,
                    Arrays.copyOf(whole, length),
                    "cut off|rest of the file can hold"));
        }
        for (int version : new int[] {0, 1, 4, -1, Integer.MAX_VALUE}) {
            found.add(gguf(
                    "version " + version,
                    gguf().version(version),
                    "has GGUF version %d, must be 2 or 3".formatted(version)));
        }
        found.add(gguf("big-endian", gguf().version(3 << 24), "big-endian"));
        for (long count : COUNTS) {
            if (count >= 0) { // the builder takes a negative count for none
                found.add(gguf(count + " tensors", gguf().announcing(count, 1), "the number of tensors is"));
                found.add(gguf(count + " keys", gguf().announcing(0, count), "the number of metadata keys is"));
            }
        }
        found.add(gguf("a key less than said", gguf().announcing(0, 2), "cut off|rest of the file|is missing"));
        found.add(
                gguf("a tensor less than said", gguf().announcing(1, 1), "cut off|rest of the file|has 0 dimensions"));
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    /** An array's type and length, as in a file. */
    private static byte[] array(int type, long length) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putLong(length)
                .array();
    }

    private static void ggufMetadata(List<Hostile> found) {
        for (int type : new int[] {13, 14, 255, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            found.add(gguf("metadata type " + type, gguf().putRaw("k", type, new byte[16]), "unknown type"));
            found.add(gguf("array type " + type, gguf().putRaw("k", 9, array(type, 1)), "unknown type"));
        }
        for (long length : COUNTS) {
            found.add(gguf("a string of " + length, gguf().putRaw("k", 8, number(length)), "the length of k is"));
            for (int type : new int[] {0, 6, 8, 10}) {
                found.add(gguf(
                        "an array of %d of type %d".formatted(length, type),
                        gguf().putRaw("k", 9, array(type, length)),
                        "rest of the file can hold"));
            }
        }
        ByteBuffer nested = ByteBuffer.allocate(12 * 1000);
        for (int i = 0; i < 1000; i++) {
            nested.put(array(9, 1));
        }
        found.add(gguf("arrays in arrays", gguf().putRaw("k", 9, nested.array()), "nest"));
        found.add(gguf("a key twice", gguf().put("k", 1).put("k", 2), "metadata key k is there twice"));
        for (int alignment : new int[] {0, 3, -32, 33, Integer.MIN_VALUE}) {
            found.add(gguf(
                    "alignment " + alignment,
                    gguf().put("general.alignment", alignment),
                    "general.alignment = .*, must be|general.alignment"));
        }
        found.add(gguf("an alignment in letters", gguf().put("general.alignment", "32"), "general.alignment"));
    }

    private static void ggufTensors(List<Hostile> found) {
        for (int type : new int[] {4, 5, 99, -1, Integer.MAX_VALUE}) {
            found.add(gguf("tensor type " + type, gguf().place("w", type, 0, 2), "unknown type number"));
        }
        for (long extent : COUNTS) {
            found.add(gguf("extent " + extent, gguf().place("w", 0, 0, extent), "impossible shape|cut off or damaged"));
            found.add(gguf(
                    "offset " + extent, gguf().place("w", 0, extent, 2), "must be a multiple of|cut off or damaged"));
        }
        found.add(gguf("no extent", gguf().place("w", 0, 0, 0), "impossible shape"));
        found.add(gguf("no dimension", gguf().place("w", 0, 0), "has 0 dimensions"));
        found.add(gguf("nine dimensions", gguf().place("w", 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1), "has 9 dimensions"));
        found.add(gguf("a product beyond 64 bits", gguf().place("w", 0, 0, 1L << 32, 1L << 32), "impossible shape"));
        found.add(gguf("half a block", gguf().place("w", 2, 0, 31), "impossible shape"));
        found.add(gguf("a name of a megabyte", gguf().place("w".repeat(1 << 20), 0, 0, 2), "has a name of"));
        GgufBuilder twice = gguf().tensor("w", GgmlType.F32, GgufBuilder.floats(1, 2), 2);
        found.add(gguf("a name twice", twice.tensor("w", GgmlType.F32, GgufBuilder.floats(1, 2), 2), "is there twice"));
        GgufBuilder one = gguf().tensor("w", GgmlType.F32, GgufBuilder.floats(1, 2), 2);
        found.add(gguf("two at one place", one.place("v", 0, 0, 2), "overlaps another"));
    }
}
