package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> damagedHeaders() {
        return Stream.of(
                damaged("[]", 0, "the header is not a JSON object"),
                damaged("{\"a\": 1}", 0, "header entry a is not an object"),
                damaged("{\"a\"", 0, "the header is not valid JSON"),
                damaged("{} {}", 0, "the header goes on after its JSON object"),
                damaged("{\"__metadata__\": {\"format\": 1}}", 0, "__metadata__.format is not a string"),
                damaged(tensor("F32", "[2]", "[0,8]") + tensor("F32", "[2]", "[0,8]"), 8, "Duplicate"),
                damaged(
                        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                        4,
                        "Duplicate"),
                damaged("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "tensor a lacks dtype, shape or data_offsets"),
                damaged("{\"a\":{\"dtype\":\"F32\",\"size\":[2]}}", 8, "tensor a has an unknown field size"),
                damaged("{\"a\":{\"dtype\":{\"dtype\":\"F32\"}}}", 8, "tensor a: dtype is not a string"),
                damaged(tensor("F32", "2", "[0,8]"), 8, "tensor a: shape is not an array"),
                damaged(tensor("F32", "[2.5]", "[0,8]"), 8, "tensor a: shape has an element that is not an integer"),
                damaged(tensor("F32", "[99999999999999999999]", "[0,8]"), 8, "not an integer of 64 bits"),
                damaged(tensor("F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, "more than 16 numbers"),
                damaged(tensor("F32", "[2]", "[0]"), 8, "tensor a has 1 data_offsets, must be 2"),
                damaged(tensor("F31", "[2]", "[0,8]"), 8, "tensor a has the unknown type F31"),
                damaged(tensor("F32", "[2]", "[0,8]"), 4, "tensor a lies at bytes 0 to 8 of 4; the file is cut off"),
                damaged(tensor("F32", "[2]", "[8,0]"), 8, "tensor a lies at bytes 8 to 0 of 8"),
                damaged(tensor("F32", "[2]", "[-8,0]"), 8, "tensor a lies at bytes -8 to 0 of 8"),
                damaged(tensor("F32", "[3]", "[0,8]"), 8, "tensor a has 8 bytes, must be 12 for F32[3]"),
                damaged(tensor("F32", "[-1,-2]", "[0,8]"), 8, "no dimension may be negative"),
                damaged(tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0, "the impossible size F32"),
                damaged(tensor("F32", "[4611686018427387904]", "[0,0]"), 0, "the impossible size F32"),
                damaged(tensor("F4", "[3]", "[0,2]"), 2, "the impossible size F4"),
                damaged(tensor("F32", "[1]", "[4,8]"), 8, "tensor a lies behind a gap"),
                damaged(tensor("F32", "[1]", "[0,4]"), 8, "has 4 bytes that belong to no tensor"),
                damaged(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                        12,
                        "tensor b overlaps another"));
    }

    private static Arguments damaged(String header, int dataBytes, String problem) {
        // two tensors in a row are two properties of one object
        return Arguments.of(header.replace("}}{", "},"), dataBytes, problem);
    }

    private static String tensor(String type, String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(type, shape, offsets);
    }

    @ParameterizedTest
    @MethodSource("damagedHeaders")
    void damagedHeaderIsRefusedWithItsReason(String header, int dataBytes, String problem) {
        Path file = RawSafetensors.write(folder.resolve("damaged.safetensors"), header, dataBytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void headerLengthIsCheckedBeforeMemoryIsTaken() throws IOException {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        for (long length : new long[] {Long.MAX_VALUE, -1, 100, 1, 0}) {
            Path file = RawSafetensors.write(folder.resolve("length.safetensors"), length, json, new byte[0]);
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("header has " + Long.toUnsignedString(length) + " bytes, must be 2 to 2");
        }
        Path tiny = Files.write(folder.resolve("tiny.safetensors"), new byte[3]);
        assertThatThrownBy(() -> SafetensorsFile.open(tiny)).hasMessageContaining("has 3 bytes");
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("absent.safetensors")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void allDamagedTensorsAreNamedAtOnce() {
        Path file = RawSafetensors.write(
                folder.resolve("two.safetensors"),
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                12);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems()).hasSize(2).anyMatch(problem -> problem.contains("tensor b")));
    }

    @Test
    void integersCanBeListedButNotReadAsWeights() {
        Path file = RawSafetensors.write(folder.resolve("ints.safetensors"), tensor("I64", "[2]", "[0,16]"), 16);
        assertThat(Checkpoints.inspect(file).types()).containsOnlyKeys("I64");
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> opened.read("a", Precision.FLOAT32))
                    .isInstanceOf(UserException.class)
                    .hasMessage("%s: tensor a has type I64, weights must be F32, F16 or BF16".formatted(file));
            assertThatThrownBy(() -> opened.read("b", Precision.FLOAT32))
                    .isInstanceOf(UserException.class)
                    .hasMessage("%s: has no tensor b".formatted(file));
        }
    }

    @Test
    void emptyAndScalarTensorsAreRead() {
        Path file = RawSafetensors.write(
                folder.resolve("empty.safetensors"),
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]},"
                        + "\"b\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]}}",
                2);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            for (Precision precision : Precision.values()) {
                try (Tensor empty = opened.read("a", precision);
                        Tensor scalar = opened.read("b", precision)) {
                    assertThat(Tensors.shape(empty)).containsExactly(0, 3);
                    assertThat(Tensors.toFloats(scalar)).containsExactly(0);
                }
            }
        }
    }

    @Test
    void halvesBecomeWhatTheyStandForAndOddPlacesAreRead() {
        ByteBuffer data = ByteBuffer.allocate(1 + 8).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 7)
                .putShort((short) 0x3c00)
                .putShort((short) 0xc100)
                .putShort((short) 1)
                .putShort((short) 0x7bff);
        byte[] header = ("{\"odd\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"a\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[1,9]}}")
                .getBytes(StandardCharsets.UTF_8);
        Path file = RawSafetensors.write(folder.resolve("f16.safetensors"), header.length, header, data.array());
        try (SafetensorsFile opened = SafetensorsFile.open(file);
                Tensor floats = opened.read("a", Precision.FLOAT32);
                Tensor rounded = opened.read("a", Precision.BFLOAT16)) {
            assertThat(Tensors.toFloats(floats)).containsExactly(1f, -2.5f, 0x1p-24f, 65504f);
            assertThat(Tensors.toFloats(rounded)).containsExactly(1f, -2.5f, 0x1p-24f, 65536f);
        }
    }

    @Test
    void writingToAViewByMistakeLeavesFileAndOtherReadersAlone() {
        Path file = RawSafetensors.write(folder.resolve("view.safetensors"), tensor("F32", "[2]", "[0,8]"), 8);
        try (SafetensorsFile opened = SafetensorsFile.open(file);
                Tensor view = opened.read("a", Precision.FLOAT32)) {
            view.add_(new org.bytedeco.pytorch.Scalar(1));
            assertThat(RawSafetensors.floats(file, "a")).containsExactly(0, 0);
            try (SafetensorsFile other = SafetensorsFile.open(file);
                    Tensor unchanged = other.read("a", Precision.FLOAT32)) {
                assertThat(Tensors.toFloats(unchanged)).containsExactly(0, 0);
            }
        }
    }

    @Test
    void tensorsOutliveTheirFile() {
        Path file = RawSafetensors.write(folder.resolve("outlive.safetensors"), tensor("BF16", "[2]", "[0,4]"), 4);
        Tensor tensor;
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            tensor = opened.read("a", Precision.BFLOAT16);
        }
        assertThat(Tensors.toFloats(tensor)).containsExactly(0, 0);
        tensor.close();
    }
}
