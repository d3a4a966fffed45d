package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.RopeScaling;
import org.dti4j.model.Weights;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufCheckpointTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"llama,llama,2", "mistral,llama,3", "qwen2,qwen2,3", "qwen3,qwen3,3"})
    void aConvertedModelIsTheModel(String golden, String architecture, int version) {
        Path base = GoldenFolders.base(golden);
        try (Checkpoint original = Checkpoints.open(base)) {
            Path file = GgufModels.of(original, architecture).version(version).write(folder.resolve("model.gguf"));
            try (Checkpoint converted = Checkpoints.open(file)) {
                assertThat(converted.config()).isEqualTo(original.config());
                assertThat(converted.names()).containsExactlyInAnyOrderElementsOf(original.names());
                assertThat(converted.inspection().contextTokens()).isEqualTo(777);
                assertSame(original, converted);
            }
        }
    }

    private static void assertSame(Weights original, Weights converted) {
        for (Precision precision : Precision.values()) {
            for (String name : original.names()) {
                try (Tensor expected = original.read(name, precision);
                        Tensor actual = converted.read(name, precision)) {
                    assertThat(actual.equal(expected)).describedAs(name).isTrue();
                    assertThat(Tensors.shape(actual)).containsExactly(Tensors.shape(expected));
                }
            }
        }
    }

    private static LlamaConfig config(double theta, int headWidth) {
        return new LlamaConfig(40, 64, 96, 2, 2, 1, headWidth, 1e-5, theta, null, false, false, true);
    }

    private Path withFactors(float... factors) {
        try (RandomWeights weights = new RandomWeights(config(500_000, 2 * factors.length), 1)) {
            return GgufModels.of(weights, "llama")
                    .tensor("rope_freqs.weight", GgmlType.F32, GgufBuilder.floats(factors), factors.length)
                    .write(folder.resolve("rope.gguf"));
        }
    }

    /** What llama.cpp's converter computes for Llama 3.2 (theta 500,000, heads of 64, factor 32), printed by Python. */
    private static float[] llama32Factors() {
        float[] factors = new float[32];
        java.util.Arrays.fill(factors, 0, 15, 1);
        factors[15] = 1.6513293f;
        factors[16] = 3.2922628f;
        factors[17] = 9.666731f;
        java.util.Arrays.fill(factors, 18, 32, 32);
        return factors;
    }

    @Test
    void ropeFactorsAreTheScalingThatTheyWereMadeFrom() {
        try (Checkpoint scaled = Checkpoints.open(withFactors(llama32Factors()))) {
            assertThat(scaled.config().ropeScaling()).isEqualTo(new RopeScaling(32, 1, 4, 8192));
            assertThat(scaled.names()).doesNotContain("rope_freqs.weight");
        }
        float[] ones = new float[32];
        java.util.Arrays.fill(ones, 1);
        try (Checkpoint unscaled = Checkpoints.open(withFactors(ones))) {
            assertThat(unscaled.config().ropeScaling()).isNull();
        }
    }

    @Test
    void otherRopeFactorsAreRefused() {
        float[] factors = llama32Factors();
        factors[16] *= 1.001f;
        Path file = withFactors(factors);
        assertThatThrownBy(() -> Checkpoints.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("rope_freqs.weight[16] = 3.29555")
                .hasMessageContaining("only the llama3 scaling of Llama 3.1");
        assertThat(Checkpoints.inspect(file).problems()).hasSize(1);
    }

    @Test
    void quantisedTensorsAreDecodedInPlace() {
        byte[] blocks = new byte[40 * 2 * 34];
        for (int i = 0; i < blocks.length; i++) {
            // the scale 1 as a half, then signed bytes
            blocks[i] = (byte) (i % 34 == 0 ? 0 : i % 34 == 1 ? 0x3c : i % 251 - 125);
        }
        try (RandomWeights weights = new RandomWeights(config(10_000, 32), 1)) {
            Path file = GgufModels.metadata(weights.config(), "llama")
                    .tensor("token_embd.weight", GgmlType.Q8_0, blocks, 40, 64)
                    .write(folder.resolve("quantised.gguf"));
            Inspection inspection = Checkpoints.inspect(file);
            assertThat(inspection.types()).containsEntry("Q8_0", new Inspection.TensorCount(1, 2560, 2720));
            assertThat(inspection.parameters()).isEqualTo(2560);
            try (TensorFile opened = TensorFile.open(file)) {
                GgufTensor stored =
                        GgufHeader.read(opened).tensors().values().iterator().next();
                for (Precision precision : Precision.values()) {
                    try (Tensor read = new BlockReader(opened, stored, 96).read(precision)) {
                        float[] values = Tensors.toFloats(read);
                        for (int i = 0; i < values.length; i++) {
                            assertThat(values[i]).isEqualTo(blocks[i / 32 * 34 + 2 + i % 32]);
                        }
                    }
                }
            }
        }
    }

    @Test
    void theTokenizerIsHandedOn() {
        GgufBuilder builder = GgufModels.metadata(config(10_000, 32), "llama")
                .put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", "smollm")
                .put("tokenizer.ggml.tokens", List.of("<s>", "a", "b", "ab"))
                .put("tokenizer.ggml.token_type", List.of(3, 1, 1, 1))
                .put("tokenizer.ggml.merges", List.of("a b"))
                .put("tokenizer.ggml.bos_token_id", 0)
                .put("tokenizer.ggml.add_bos_token", true);
        try (RandomWeights weights = new RandomWeights(config(10_000, 32), 1)) {
            Path file = GgufModels.of(weights, "llama").write(folder.resolve("none.gguf"));
            try (Checkpoint checkpoint = Checkpoints.open(file)) {
                assertThat(checkpoint.tokenizer()).isInstanceOf(TokenizerSource.Missing.class);
            }
        }
        Path file = builder.write(folder.resolve("tokenizer.gguf"));
        assertThat(Checkpoints.inspect(file).tokenizer()).isEqualTo("gpt2 (smollm), 4 tokens, 1 merges");
        try (TensorFile opened = TensorFile.open(file)) {
            var data = GgufCheckpoint.tokenizerData(GgufHeader.read(opened).metadata());
            assertThat(data.tokens()).containsExactly("<s>", "a", "b", "ab");
            assertThat(data.types()).containsExactly(3, 1, 1, 1);
            assertThat(data.bos()).isEqualTo(OptionalInt.of(0));
            assertThat(data.unknown()).isEmpty();
            assertThat(data.addBos()).isTrue();
            assertThat(data.addSpacePrefix()).isNull();
        }
    }

    @Test
    void nothingLeaks() {
        try (RandomWeights weights = new RandomWeights(config(500_000, 64), 1)) {
            Path file = GgufModels.of(weights, "llama").write(folder.resolve("leak.gguf"));
            readAll(file);
            long before = Pointer.totalCount();
            readAll(file);
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }

    private static void readAll(Path file) {
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            for (Precision precision : Precision.values()) {
                for (String name : checkpoint.names()) {
                    checkpoint.read(name, precision).close();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama.rope.scaling.type,yarn,'llama.rope.scaling.type = yarn, must be none'",
        "llama.rope.scaling.type,linear,'llama.rope.scaling.type = linear, must be none'",
        "general.architecture,gemma,'general.architecture = gemma is not supported, must be one of llama, qwen2, qwen3'",
    })
    void otherComputationsAreRefused(String key, String value, String problem) {
        GgufBuilder builder = key.startsWith("general")
                ? new GgufBuilder()
                : GgufModels.metadata(config(10_000, 32), "llama").put("llama.rope.scaling.factor", 2f);
        Path file = builder.put(key, value).write(folder.resolve("other.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "llama.expert_count,8,'llama.expert_count = 8, must be 0'",
        "llama.attention.sliding_window,128,'llama.attention.sliding_window = 128, must be absent or at least 4096'",
    })
    void otherNumbersAreRefused(String key, int value, String problem) {
        Path file =
                GgufModels.metadata(config(10_000, 32), "llama").put(key, value).write(folder.resolve("n.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(file)).hasMessageContaining(problem);
    }

    @Test
    void unreadableTypesAndUnknownTensorsAreTold() {
        Path file = GgufModels.metadata(config(10_000, 32), "llama")
                .tensor("token_embd.weight", GgmlType.IQ4_NL, new byte[40 * 2 * 18], 40, 64)
                .tensor("blk.0.ffn_gate_exps.weight", GgmlType.F32, GgufBuilder.floats(1), 1)
                .write(folder.resolve("types.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(file))
                .hasMessageContaining("tensor token_embd.weight has type IQ4_NL, must be one of F32, F16, Q4_0")
                .hasMessageContaining("tensor blk.0.ffn_gate_exps.weight is unknown")
                .hasMessageContaining("tensor model.layers.0.input_layernorm.weight is missing");
    }
}
