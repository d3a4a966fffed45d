package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeftFilesTest {
    private static final String Q0 = "model.layers.0.self_attn.q_proj";

    @TempDir
    private Path folder;

    static Stream<String> architectures() {
        return GoldenFolders.architectures();
    }

    private static LlamaConfig base(String architecture) {
        return HuggingFaceConfig.read(GoldenFolders.base(architecture).resolve("config.json"))
                .model();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void goldenAdaptersAreReadAndWrittenAgain(String architecture) {
        Path original = GoldenFolders.adapter(architecture).resolve("adapter_model.safetensors");
        Path copy = folder.resolve("copy");
        try (PeftAdapter adapter = PeftFiles.read(GoldenFolders.adapter(architecture), base(architecture))) {
            assertThat(adapter.modules()).hasSize(3 * 7);
            assertThat(adapter.modules().values()).allMatch(pair -> pair.scale() == 2);
            assertThat(adapter.tokenRows()).containsOnlyKeys(2);
            assertThat(adapter.baseModel()).isEqualTo("../base");
            PeftFiles.write(copy, adapter);
        }
        assertSameTensors(original, copy.resolve("adapter_model.safetensors"));
        try (PeftAdapter again = PeftFiles.read(copy, base(architecture))) {
            assertThat(again.rank()).isEqualTo(4);
            assertThat(again.alpha()).isEqualTo(8);
            assertThat(again.modules().values()).allMatch(pair -> pair.scale() == 2);
            assertThat(again.tokenRows()).containsOnlyKeys(2);
        }
    }

    private static void assertSameTensors(Path expected, Path actual) {
        List<String> names = RawSafetensors.header(expected).propertyNames().stream()
                .filter(name -> !name.equals("__metadata__"))
                .toList();
        assertThat(RawSafetensors.header(actual).propertyNames()).contains(names.toArray(String[]::new));
        for (String name : names) {
            assertThat(RawSafetensors.floats(actual, name)).isEqualTo(RawSafetensors.floats(expected, name));
            assertThat(RawSafetensors.header(actual).path(name).path("shape"))
                    .isEqualTo(RawSafetensors.header(expected).path(name).path("shape"));
        }
    }

    @Test
    void ranksAndAlphasOfSingleModulesSurvive() {
        try (Tensor a = Placement.CPU_FLOAT32.floats(new float[2 * 64], 2, 64);
                Tensor b = Placement.CPU_FLOAT32.floats(new float[64 * 2], 64, 2)) {
            Map<String, PeftAdapter.Pair> modules = Map.of(Q0, new PeftAdapter.Pair(a, b, 1.5));
            PeftFiles.write(folder, new PeftAdapter(8, 16, true, 0, null, modules, new TreeMap<>()));
        }
        try (PeftAdapter read = PeftFiles.read(folder, base("llama"))) {
            assertThat(read.rank()).isEqualTo(8);
            assertThat(read.modules()).containsOnlyKeys(Q0);
            assertThat(scale(read, Q0)).isCloseTo(1.5, Offset.offset(1e-12));
        }
    }

    private static double scale(PeftAdapter adapter, String module) {
        return Objects.requireNonNull(adapter.modules().get(module)).scale();
    }

    @Test
    void patternsAreThoseOfPeft() {
        Path copy = GoldenFolders.copy(GoldenFolders.adapter("llama"), folder.resolve("copy"));
        Path settings = copy.resolve("adapter_config.json");
        GoldenFolders.edit(
                settings,
                json -> json.replace("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"q_proj\": 4}")
                        .replace("\"rank_pattern\": {}", "\"rank_pattern\": {\".*layers\\\\.[01].*\": 4}")
                        .replace("\"use_rslora\": false", "\"use_rslora\": true"));
        try (PeftAdapter adapter = PeftFiles.read(copy, base("llama"))) {
            assertThat(scale(adapter, Q0)).isEqualTo(4 / Math.sqrt(4));
            assertThat(scale(adapter, "model.layers.0.self_attn.k_proj")).isEqualTo(8 / Math.sqrt(4));
        }
        GoldenFolders.edit(
                settings,
                json -> json.replaceFirst("\"target_modules\": \\[[^]]*]", "\"target_modules\": \"all-linear\""));
        try (PeftAdapter adapter = PeftFiles.read(copy, base("llama"))) {
            assertThat(adapter.modules()).hasSize(21);
        }
        GoldenFolders.edit(settings, json -> json.replace("[01].*\": 4", "[01].*\": 5"));
        assertThatThrownBy(() -> PeftFiles.read(copy, base("llama")))
                .hasMessageContaining(Q0 + ".lora_A.weight has shape [4, 64], must be [5, 64]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"use_dora\": false|\"use_dora\": true|use_dora = true, must be absent",
                "\"bias\": \"none\"|\"bias\": \"all\"|bias = all, must be none",
                "\"modules_to_save\": null|\"modules_to_save\": [\"score\"]|has no weights of the module score, which modules_to_save names",
                "\"init_lora_weights\": true|\"init_lora_weights\": \"pissa\"|init_lora_weights = pissa, must be one of",
                "\"peft_type\": \"LORA\"|\"peft_type\": \"IA3\"|peft_type = IA3, must be LORA",
                "\"r\": 4|\"r\": 0|r = 0, must be >= 1",
                "\"r\": 4|\"r\": 5|lora_A.weight has shape [4, 64], must be [5, 64]",
                "\"lora_alpha\": 8|\"lora_alpha\": null|lora_alpha is missing",
                "\"gate_proj\",|\"gate_proj\", \"lm_head\",|has no adapter for lm_head, which target_modules names",
                "\"embed_tokens\": [|\"lm_head\": [|trainable_token_indices.lm_head must be absent",
                "\"rank_pattern\": {}|\"rank_pattern\": {\"(\": 4}|rank_pattern.(: must be a regular expression",
            })
    void whatWouldBeComputedWronglyIsRefused(String before, String after, String problem) {
        Path copy = GoldenFolders.copy(GoldenFolders.adapter("llama"), folder.resolve("copy"));
        GoldenFolders.edit(copy.resolve("adapter_config.json"), json -> json.replace(before, after));
        assertThatThrownBy(() -> PeftFiles.read(copy, base("llama")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(copy.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        assertThatThrownBy(() -> PeftFiles.read(GoldenFolders.adapter("qwen3"), base("llama")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("q_proj.lora_B.weight has shape [128, 4], must be [64, 4] by the base model");
        LlamaConfig shallow = new LlamaConfig(2, 64, 112, 1, 4, 2, 16, 1e-6, 1e4, null, false, false, true);
        assertThatThrownBy(() -> PeftFiles.read(GoldenFolders.adapter("llama"), shallow))
                .hasMessageContaining(
                        "module model.layers.1.mlp.down_proj has an adapter, must be a projection of one of the base's 1 layers")
                .hasMessageContaining("trainable_token_indices has 2, must be below the base's vocabulary of 2");
    }

    @Test
    void unknownTensorsAndHalvesAreRefused() {
        Path copy = GoldenFolders.copy(GoldenFolders.adapter("llama"), folder.resolve("copy"));
        Path weights = copy.resolve("adapter_model.safetensors");
        TreeMap<String, Tensor> tensors = new TreeMap<>();
        try (SafetensorsFile file =
                SafetensorsFile.open(GoldenFolders.adapter("llama").resolve("adapter_model.safetensors"))) {
            file.names().forEach(name -> tensors.put(name, file.read(name, Precision.FLOAT32)));
        }
        Tensor b = tensors.remove("base_model.model." + Q0 + ".lora_B.weight");
        tensors.put("base_model.model." + Q0 + ".lora_magnitude_vector", b);
        SafetensorsWriter.write(weights, tensors, Precision.FLOAT32);
        assertThatThrownBy(() -> PeftFiles.read(copy, base("llama")))
                .hasMessageContaining("module " + Q0 + " has only one of lora_A and lora_B")
                .hasMessageContaining(Q0 + ".lora_magnitude_vector is unknown");
        tensors.values().forEach(Tensor::close);
    }

    @Test
    void aMissingFileIsTold() throws IOException {
        assertThatThrownBy(() -> PeftFiles.read(Files.createDirectory(folder.resolve("empty")), base("llama")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no adapter_config.json, must be a folder with");
    }

    @Test
    void tensorsAreTheAdaptersOwnAndNothingLeaks() {
        Path copy = GoldenFolders.copy(GoldenFolders.adapter("llama"), folder.resolve("copy"));
        LlamaConfig base = base("llama");
        PeftFiles.read(copy, base).close();
        long before = Pointer.totalCount();
        try (PeftAdapter adapter = PeftFiles.read(copy, base)) {
            Tensor row = adapter.tokenRows().get(2);
            assertThat(row).isNotNull();
            assertThat(Tensors.shape(row)).containsExactly(64);
            PeftFiles.write(copy, adapter);
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }
}
