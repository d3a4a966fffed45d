package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class HuggingFaceCheckpointTest {
    @TempDir
    private Path folder;

    static Stream<String> architectures() {
        return GoldenFolders.architectures();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void everyTensorIsWhatTheBytesSay(String architecture) throws IOException {
        Path base = GoldenFolders.base(architecture);
        try (Checkpoint checkpoint = Checkpoints.open(base);
                Stream<Path> files = Files.list(base)) {
            int seen = 0;
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".safetensors")).toList()) {
                for (String name : RawSafetensors.header(file).propertyNames()) {
                    if (!name.equals("__metadata__")) {
                        seen++;
                        assertSame(checkpoint, file, name);
                    }
                }
            }
            assertThat(checkpoint.names())
                    .hasSize(seen)
                    .containsExactlyElementsOf(checkpoint.config().weightNames());
            assertThat(checkpoint.inspection().parameters())
                    .isEqualTo(checkpoint.config().parameters());
        }
    }

    private static void assertSame(Checkpoint checkpoint, Path file, String name) {
        float[] expected = RawSafetensors.floats(file, name);
        JsonNode shape = RawSafetensors.header(file).path(name).path("shape");
        try (Tensor floats = checkpoint.read(name, Precision.FLOAT32);
                Tensor rounded = checkpoint.read(name, Precision.BFLOAT16)) {
            assertThat(Tensors.toFloats(floats)).describedAs(name).containsExactly(expected);
            for (int i = 0; i < expected.length; i++) {
                expected[i] = Float.intBitsToFloat(BlockReader.toBfloat16(expected[i]) << 16);
            }
            assertThat(Tensors.toFloats(rounded)).describedAs(name).containsExactly(expected);
            assertThat(Tensors.shape(floats)).hasSize(shape.size());
        }
    }

    @Test
    void tensorsOfTheStoredTypeAreViewsAndNothingLeaks() {
        Path base = GoldenFolders.base("mistral");
        readAll(base); // whatever libtorch keeps for itself
        long before = Pointer.totalCount();
        readAll(base);
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }

    private static void readAll(Path base) {
        try (Checkpoint checkpoint = Checkpoints.open(base)) {
            for (Precision precision : Precision.values()) {
                for (String name : checkpoint.names()) {
                    checkpoint.read(name, precision).close();
                }
            }
        }
    }

    @Test
    void allDifferencesFromTheConfigurationAreToldAtOnce() {
        Path copy = GoldenFolders.copy(GoldenFolders.base("qwen2"), folder.resolve("copy"));
        GoldenFolders.edit(
                copy.resolve("config.json"),
                json -> json.replace("\"qwen2\"", "\"llama\"")
                        .replace("\"intermediate_size\": 112", "\"intermediate_size\": 113"));
        assertThatThrownBy(() -> Checkpoints.open(copy))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .anyMatch(
                                        problem -> problem.endsWith(
                                                "tensor model.layers.0.mlp.up_proj.weight has shape [112, 64], must be [113, 64] by the configuration"))
                                .anyMatch(problem ->
                                        problem.contains("tensor model.layers.2.self_attn.q_proj.bias is unknown"))
                                .hasSize(9 + 9));
        assertThat(Checkpoints.inspect(copy).problems()).hasSize(18);
        assertThat(Checkpoints.inspect(copy).config()).isNotNull();
    }

    @Test
    void aMissingHeadOrAbsurdNumberOfLayersIsRefused() {
        Path copy = GoldenFolders.copy(GoldenFolders.base("llama"), folder.resolve("copy"));
        GoldenFolders.edit(
                copy.resolve("config.json"),
                json -> json.replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
        assertThatThrownBy(() -> Checkpoints.open(copy))
                .hasMessage(copy + ": tensor lm_head.weight is missing, must be of shape [168, 64]");
        GoldenFolders.edit(
                copy.resolve("config.json"),
                json -> json.replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2000000000"));
        assertThatThrownBy(() -> Checkpoints.open(copy)).hasMessageContaining("too few for the 2000000000 layers");
    }

    @Test
    void anIndexMustNotReachOutOfItsFolder() {
        Path copy = GoldenFolders.copy(GoldenFolders.base("llama31"), folder.resolve("copy"));
        Path index = copy.resolve("model.safetensors.index.json");
        GoldenFolders.edit(
                index,
                json -> json.replace(
                        "\"lm_head.weight\": \"model-00003-of-00003.safetensors\"",
                        "\"lm_head.weight\": \"../model-00003-of-00003.safetensors\""));
        assertThatThrownBy(() -> Checkpoints.open(copy))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("weight_map.lm_head.weight = \"../model")
                .hasMessageContaining("must be the name of a safetensors file in this folder");
        GoldenFolders.edit(index, json -> json.replace("../model-00003", "model-00004"));
        assertThatThrownBy(() -> Checkpoints.open(copy))
                .hasMessageContaining("= model-00004-of-00003.safetensors, must be a file in this folder");
        GoldenFolders.edit(index, json -> json.replace("model-00004", "model-00001"));
        assertThatThrownBy(() -> Checkpoints.open(copy))
                .hasMessageContaining("weight_map.lm_head.weight: model-00001-of-00003.safetensors has no such tensor");
    }

    @Test
    void pickledWeightsAreRefused() throws IOException {
        Path copy = GoldenFolders.copy(GoldenFolders.base("llama"), folder.resolve("copy"));
        Files.move(copy.resolve("model.safetensors"), copy.resolve("pytorch_model.bin"));
        assertThatThrownBy(() -> Checkpoints.open(copy))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a pickle can run code, so dti4j does not read it");
        assertThatThrownBy(() -> Checkpoints.open(copy.resolve("pytorch_model.bin")))
                .hasMessageContaining("is a pickle");
    }

    @Test
    void aBareDecoderIsReadUnderTheUsualNames() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("bare"));
        Files.copy(GoldenFolders.base("llama").resolve("config.json"), copy.resolve("config.json"));
        Path original = GoldenFolders.base("llama").resolve("model.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(original)) {
            java.util.Map<String, List<Long>> shapes = new java.util.LinkedHashMap<>();
            file.tensors().forEach((name, stored) -> shapes.put(name.substring("model.".length()), stored.shape()));
            SafetensorsWriter.write(
                    copy.resolve("model.safetensors"),
                    shapes,
                    Precision.FLOAT32,
                    name -> file.read("model." + name, Precision.FLOAT32));
        }
        try (Checkpoint checkpoint = Checkpoints.open(copy);
                Tensor norm = checkpoint.read("model.norm.weight", Precision.FLOAT32)) {
            assertThat(Tensors.toFloats(norm)).containsExactly(RawSafetensors.floats(original, "model.norm.weight"));
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aWrittenModelIsTheModel(String architecture) throws IOException {
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Path copy = folder.resolve("written");
        try (Checkpoint original = Checkpoints.open(GoldenFolders.base(architecture))) {
            HuggingFaceWriter.write(
                    copy,
                    original.config(),
                    4096,
                    Precision.FLOAT32,
                    HuggingFaceWriter.ONE_FILE,
                    List.of(tokenizer),
                    name -> original.read(name, Precision.FLOAT32));
            try (Checkpoint written = Checkpoints.open(copy)) {
                assertThat(written.config()).isEqualTo(original.config());
                assertThat(written.tokenizer())
                        .isEqualTo(new TokenizerSource.HuggingFace(copy.resolve("tokenizer.json")));
                assertThat(written.companions()).containsExactly(copy.resolve("tokenizer.json"));
                assertThat(written.inspection().contextTokens()).isEqualTo(4096);
                for (String name : original.names()) {
                    try (Tensor expected = original.read(name, Precision.FLOAT32);
                            Tensor actual = written.read(name, Precision.FLOAT32)) {
                        assertThat(actual.equal(expected)).describedAs(name).isTrue();
                    }
                }
            }
        }
    }
}
