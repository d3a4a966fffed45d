package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufHeaderTest {
    private static final int F32 = 0;
    private static final int Q4_0 = 2;

    @TempDir
    private Path folder;

    private GgufHeader read(byte[] bytes) {
        try (TensorFile file = TensorFile.open(Files.write(folder.resolve("head.gguf"), bytes))) {
            return GgufHeader.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }

    /** An array header: element type, count. */
    private static byte[] array(int type, long count) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putLong(count)
                .array();
    }

    static Stream<Arguments> damaged() {
        byte[] nested = new byte[12 * 9];
        for (int i = 0; i < 9; i++) {
            System.arraycopy(array(9, 1), 0, nested, 12 * i, 12);
        }
        long huge = 1L << 40;
        return Stream.of(
                Arguments.of(new GgufBuilder().version(1), "has GGUF version 1, must be 2 or 3"),
                Arguments.of(new GgufBuilder().version(3 << 24), "is big-endian, must be little-endian"),
                Arguments.of(
                        new GgufBuilder().announcing(Long.MAX_VALUE, 0),
                        "the number of tensors is 9223372036854775807"),
                Arguments.of(
                        new GgufBuilder().announcing(0, Long.MAX_VALUE),
                        "the number of metadata keys is 9223372036854775807"),
                Arguments.of(new GgufBuilder().putRaw("k", 8, longs(huge)), "the length of k is " + huge),
                Arguments.of(new GgufBuilder().putRaw("k", 8, longs(-1)), "the length of k is 18446744073709551615"),
                Arguments.of(new GgufBuilder().putRaw("k", 9, array(4, huge)), "the length of k is " + huge),
                Arguments.of(new GgufBuilder().putRaw("k", 9, array(99, 1)), "metadata key k has the unknown type 99"),
                Arguments.of(new GgufBuilder().putRaw("k", 13), "metadata key k has the unknown type 13"),
                Arguments.of(
                        new GgufBuilder().putRaw("k", 10, longs(-1)),
                        "metadata key k = 18446744073709551615, must be below"),
                Arguments.of(new GgufBuilder().putRaw("k", 9, nested), "metadata key k nests more than 4 arrays"),
                Arguments.of(new GgufBuilder().put("k", 1).put("k", 2), "metadata key k is there twice"),
                Arguments.of(
                        new GgufBuilder().put("general.alignment", 24),
                        "general.alignment = 24, must be a power of two"),
                Arguments.of(
                        new GgufBuilder().put("general.alignment", 0), "general.alignment = 0, must be a power of two"),
                Arguments.of(
                        new GgufBuilder().put("general.alignment", "x"), "general.alignment = x, must be an integer"),
                Arguments.of(new GgufBuilder().place("t", F32, 0), "tensor t has 0 dimensions, must have 1 to 4"),
                Arguments.of(new GgufBuilder().place("t", F32, 0, 1, 1, 1, 1, 1), "tensor t has 5 dimensions"),
                Arguments.of(new GgufBuilder().place("t", 77, 0, 1), "tensor t has the unknown type number 77"),
                Arguments.of(new GgufBuilder().place("t", F32, 0, -4), "tensor t has the impossible shape [-4]"),
                Arguments.of(new GgufBuilder().place("t", F32, 0, 0), "tensor t has the impossible shape [0]"),
                Arguments.of(
                        new GgufBuilder().place("t", F32, 0, 1L << 32, 1L << 32), "tensor t has the impossible shape"),
                Arguments.of(new GgufBuilder().place("t", F32, 0, 1L << 62), "tensor t has the impossible shape"),
                Arguments.of(
                        new GgufBuilder().place("t", Q4_0, 0, 33),
                        "tensor t has the impossible shape [33] for type Q4_0"),
                Arguments.of(
                        new GgufBuilder().place("t", F32, 0, 4),
                        "tensor t of 16 bytes lies at byte 0 of 0; the file is cut off"),
                Arguments.of(new GgufBuilder().place("t", F32, -32, 4), "tensor t of 16 bytes lies at byte 1844674407"),
                Arguments.of(
                        new GgufBuilder()
                                .tensor("a", GgmlType.F32, new byte[64], 16)
                                .place("t", F32, 8, 4),
                        "tensor t starts at 8, must be a multiple of 32"),
                Arguments.of(
                        new GgufBuilder()
                                .tensor("a", GgmlType.F32, new byte[64], 16)
                                .place("t", F32, 32, 4),
                        "tensor t overlaps another"),
                Arguments.of(
                        new GgufBuilder()
                                .tensor("a", GgmlType.F32, new byte[4], 1)
                                .tensor("a", GgmlType.F32, new byte[4], 1),
                        "tensor a is there twice"));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void damagedHeadIsRefusedWithItsReason(GgufBuilder builder, String problem) {
        assertThatThrownBy(() -> read(builder.bytes()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(folder.resolve("head.gguf") + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void otherFilesAreNoGguf() throws IOException {
        assertThatThrownBy(() -> read(new byte[100])).hasMessageContaining("is no GGUF file");
        assertThatThrownBy(() -> read(new byte[3])).hasMessageContaining("is cut off at the magic number, byte 0");
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
        assertThatThrownBy(() -> Checkpoints.open(text))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is no checkpoint, must be a folder with config.json");
    }

    private static GgufBuilder whole() {
        return new GgufBuilder()
                .put("number", 7)
                .put("float", 1e-5f)
                .put("flag", true)
                .put("text", "wörter")
                .put("long", "x".repeat(3_000_000))
                .put("texts", List.of("a", "b"))
                .put("lists", List.of(List.of(1, 2), List.of(3)))
                .putRaw("int8", 1, (byte) -3)
                .putRaw("uint8", 0, (byte) -3)
                .putRaw("int64", 11, longs(-5))
                .putRaw("float64", 12, longs(Double.doubleToLongBits(2.5)))
                .alignment(64)
                .tensor("a", GgmlType.F32, GgufBuilder.floats(1, 2, 3, 4, 5, 6), 2, 3)
                .tensor("b", GgmlType.Q8_0, new byte[34], 32);
    }

    @Test
    void everyKindOfValueIsRead() {
        GgufHeader header = read(whole().bytes());
        GgufMetadata metadata = header.metadata();
        assertThat(metadata.requiredInteger("number")).isEqualTo(7);
        // the decimal number that was meant, not its 32-bit neighbour
        assertThat(metadata.number("float", 0)).isEqualTo(1e-5);
        assertThat(metadata.flag("flag")).isTrue();
        assertThat(metadata.text("text", "")).isEqualTo("wörter");
        assertThat(metadata.text("long", "")).hasSize(3_000_000);
        assertThat(metadata.list("texts", String.class, "strings")).containsExactly("a", "b");
        assertThat(metadata.list("lists", List.class, "lists")).hasSize(2);
        assertThat(metadata.requiredInteger("int8")).isEqualTo(-3);
        assertThat(metadata.requiredInteger("uint8")).isEqualTo(253);
        assertThat(metadata.requiredInteger("int64")).isEqualTo(-5);
        assertThat(metadata.number("float64", 0)).isEqualTo(2.5);
        assertThat(metadata.has("absent")).isFalse();
        assertThatThrownBy(() -> metadata.requiredInteger("absent")).hasMessageContaining("key absent is missing");
        assertThatThrownBy(() -> metadata.list("lists", String.class, "strings"))
                .hasMessageContaining("metadata key lists = a list, must be a list of strings");
        GgufTensor a = header.tensors().get("a");
        assertThat(a).isNotNull();
        assertThat(a.shape()).containsExactly(2L, 3L);
        assertThat(a.offset() % 64).isZero();
    }

    @Test
    void aFileCutOffAnywhereIsRefused() {
        byte[] bytes = small().bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut)).describedAs("%d bytes", length).isInstanceOf(UserException.class);
        }
        assertThat(read(bytes).tensors()).hasSize(2);
    }

    @Test
    void damagedBytesNeverEndInAnythingButARefusal() {
        byte[] bytes = small().bytes();
        SplittableRandom random = new SplittableRandom(3);
        List<String> escaped = new ArrayList<>();
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                read(damaged);
            } catch (RuntimeException e) {
                if (!(e instanceof UserException)) {
                    escaped.add(e.toString());
                }
            }
        }
        assertThat(escaped).isEmpty();
    }

    /** A head of a few hundred bytes. */
    private static GgufBuilder small() {
        return new GgufBuilder()
                .put("general.architecture", "llama")
                .put("texts", List.of("a", "b"))
                .tensor("a", GgmlType.F32, GgufBuilder.floats(1, 2, 3, 4, 5, 6), 2, 3)
                .tensor("b", GgmlType.Q8_0, new byte[34], 32);
    }
}
