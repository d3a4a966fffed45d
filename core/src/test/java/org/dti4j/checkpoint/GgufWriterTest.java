package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.Weights;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A GGUF file, trained on and written as one again, is the trained model with the file's own metadata. */
final class GgufWriterTest {
    @TempDir
    private Path folder;

    private Path source(String golden, String architecture) {
        try (Checkpoint original = Checkpoints.open(GoldenFolders.base(golden))) {
            return GgufModels.of(original, architecture)
                    .put("tokenizer.ggml.tokens", List.of("a", "general.file_type", "ü"))
                    .put("general.file_type", 7)
                    .write(folder.resolve("source.gguf"));
        }
    }

    private Checkpoint written(Checkpoint source, Weights weights, Precision precision) {
        Path file = folder.resolve("written-" + precision + ".gguf");
        GgufWriter.write(file, source, weights, precision);
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
        return Checkpoints.open(file);
    }

    /** Vectors are in float32 always; what float32 rounds to bfloat16 is what reading in bfloat16 gives. */
    private static void assertSame(Weights expected, Weights found, Precision stored) {
        assertThat(found.config()).isEqualTo(expected.config());
        assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
        for (String name : expected.names()) {
            boolean matrix = expected.config().weightShape(name).length == 2;
            try (Tensor from = expected.read(name, matrix ? stored : Precision.FLOAT32);
                    Tensor wanted = from.to(Precision.FLOAT32.type());
                    Tensor read = found.read(name, Precision.FLOAT32)) {
                assertThat(read.equal(wanted)).describedAs(name).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"llama,llama", "llama31,llama", "qwen2,qwen2", "qwen3,qwen3"})
    void whatWasNotTrainedIsAsItWas(String golden, String architecture) {
        try (Checkpoint source = Checkpoints.open(source(golden, architecture))) {
            for (Precision precision : Precision.values()) {
                try (Checkpoint written = written(source, source, precision)) {
                    assertSame(source, written, precision);
                    GgufMetadata metadata = ((GgufCheckpoint) written).header().metadata();
                    assertThat(metadata.list("tokenizer.ggml.tokens", String.class, "strings"))
                            .containsExactly("a", "general.file_type", "ü");
                    assertThat(metadata.integer("general.file_type")).hasValue(precision == Precision.FLOAT32 ? 0 : 32);
                    assertThat(written.inspection().contextTokens()).isEqualTo(777);
                }
            }
        }
    }

    @Test
    void ropeFactorsStay() {
        float[] factors = new float[32];
        Arrays.fill(factors, 1);
        Path file = folder.resolve("rope.gguf");
        try (RandomWeights weights = new RandomWeights(
                new org.dti4j.model.LlamaConfig(40, 64, 96, 2, 2, 1, 64, 1e-5, 10_000, null, false, false, true), 1)) {
            GgufModels.of(weights, "llama")
                    .tensor("rope_freqs.weight", GgmlType.F32, GgufBuilder.floats(factors), factors.length)
                    .write(file);
            try (Checkpoint source = Checkpoints.open(file);
                    Checkpoint written = written(source, source, Precision.BFLOAT16)) {
                assertSame(weights, written, Precision.BFLOAT16);
                assertThat(((GgufCheckpoint) written).header().tensors()).containsKey("rope_freqs.weight");
            }
        }
    }

    @Test
    void aHeadOfItsOwnIsWrittenToo() {
        try (Checkpoint source = Checkpoints.open(source("llama", "llama"));
                Tensor head = Placement.CPU_FLOAT32.floats(
                        new float[source.config().vocabulary() * source.config().width()],
                        source.config().vocabulary(),
                        source.config().width())) {
            TreeMap<String, Tensor> tensors = new TreeMap<>();
            tensors.put("lm_head.weight", head);
            Weights untied = new WholeWeights(tensors, false).over(source);
            try (Checkpoint written = written(source, untied, Precision.FLOAT32)) {
                assertThat(written.config().tiedHead()).isFalse();
                assertSame(untied, written, Precision.FLOAT32);
            }
        }
    }

    @Test
    void aFolderOfHuggingFaceIsRefused() {
        try (Checkpoint base = Checkpoints.open(GoldenFolders.base("llama"))) {
            Path file = folder.resolve("model.gguf");
            assertThatThrownBy(() -> GgufWriter.write(file, base, base, Precision.FLOAT32))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("must be a GGUF file to be exported as one");
            assertThat(file).doesNotExist();
        }
    }
}
