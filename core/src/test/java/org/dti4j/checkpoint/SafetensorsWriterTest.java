package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() {
        Path file = folder.resolve("new folder").resolve("round.safetensors");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("b", Placement.CPU_FLOAT32.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
            // neither contiguous nor a leaf
            tensors.put("a \"quoted\"", tensors.get("b").transpose(0, 1));
            tensors.put("empty", scope.keep(Placement.CPU_FLOAT32.floats(new float[0], 0)));
            SafetensorsWriter.write(file, tensors, Precision.FLOAT32);
        }
        assertThat(RawSafetensors.header(file).at("/__metadata__/format").stringValue())
                .isEqualTo("pt");
        assertThat(RawSafetensors.floats(file, "b")).containsExactly(1, 2, 3, 4, 5, 6);
        try (SafetensorsFile opened = SafetensorsFile.open(file);
                Tensor transposed = opened.read("a \"quoted\"", Precision.FLOAT32)) {
            assertThat(opened.names()).containsExactly("b", "a \"quoted\"", "empty");
            assertThat(Tensors.shape(transposed)).containsExactly(3, 2);
            assertThat(Tensors.toFloats(transposed)).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @Test
    void tensorsLargerThanOneWindowAreWholeInBothDirections() {
        Path file = folder.resolve("large.safetensors");
        float[] values = new float[(1 << 22) + 12_345];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 255;
        }
        try (Tensor tensor = Placement.CPU_FLOAT32.floats(values, values.length);
                Tensor last = Placement.CPU_FLOAT32.floats(new float[] {7}, 1)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("large", tensor);
            tensors.put("last", last);
            SafetensorsWriter.write(file, tensors, Precision.FLOAT32);
        }
        assertThat(RawSafetensors.floats(file, "large")).isEqualTo(values);
        assertThat(RawSafetensors.floats(file, "last")).containsExactly(7);
        try (SafetensorsFile opened = SafetensorsFile.open(file);
                Tensor converted = opened.read("large", Precision.BFLOAT16)) {
            // integers below 256 are exact in bfloat16
            assertThat(Tensors.toFloats(converted)).isEqualTo(values);
        }
    }

    @Test
    void valuesAreRoundedToTheWrittenPrecision() {
        Path file = folder.resolve("rounded.safetensors");
        try (Tensor tensor = Placement.CPU_FLOAT32.floats(new float[] {0x1.01p0f, 0x1.03p0f}, 2)) {
            SafetensorsWriter.write(file, Map.of("a", tensor), Precision.BFLOAT16);
        }
        // ties go to the even neighbour
        assertThat(RawSafetensors.floats(file, "a")).containsExactly(1f, 1.015625f);
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("kept.safetensors");
        try (Tensor tensor = Placement.CPU_FLOAT32.floats(new float[] {7}, 1)) {
            SafetensorsWriter.write(file, Map.of("a", tensor), Precision.FLOAT32);
        }
        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("a", List.of(1L)), Precision.FLOAT32, name -> {
                    throw new IllegalStateException("stopped in the middle");
                }))
                .hasMessage("stopped in the middle");
        assertThat(RawSafetensors.floats(file, "a")).containsExactly(7);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsTheUsersMistake() throws IOException {
        Path blocked = Files.writeString(folder.resolve("a file"), "not a folder");
        try (Tensor tensor = Placement.CPU_FLOAT32.floats(new float[] {7}, 1)) {
            assertThatThrownBy(() -> SafetensorsWriter.write(
                            blocked.resolve("x.safetensors"), Map.of("a", tensor), Precision.FLOAT32))
                    .isInstanceOf(org.dti4j.problem.UserException.class)
                    .hasMessageContaining("a file");
        }
    }
}
