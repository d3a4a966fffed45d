package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.model.RopeScaling;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceConfigTest {
    private static final String SIZES = "\"vocab_size\": 100, \"hidden_size\": 64, \"intermediate_size\": 96,"
            + " \"num_hidden_layers\": 2, \"num_attention_heads\": 4";
    private static final String LLAMA3 = "\"rope_type\": \"llama3\", \"factor\": 32.0, \"low_freq_factor\": 1.0,"
            + " \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192";

    @TempDir
    private Path folder;

    private HuggingFaceConfig read(String type, String more) {
        String json = "{\"model_type\": \"%s\", %s%s}".formatted(type, SIZES, more.isEmpty() ? "" : ", " + more);
        try {
            return HuggingFaceConfig.read(Files.writeString(folder.resolve("config.json"), json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void silenceMeansWhatTransformersTakesForGranted() {
        HuggingFaceConfig llama = read("llama", "");
        assertThat(llama.model().keyValueHeads()).isEqualTo(4);
        assertThat(llama.model().headWidth()).isEqualTo(16);
        assertThat(llama.model().normEpsilon()).isEqualTo(1e-6);
        assertThat(llama.model().ropeTheta()).isEqualTo(10_000);
        assertThat(llama.model().ropeScaling()).isNull();
        assertThat(llama.model().tiedHead()).isFalse();
        assertThat(llama.contextTokens()).isEqualTo(2048);
        assertThat(read("qwen2", "\"num_key_value_heads\": 2").model().attentionBias())
                .isTrue();
        HuggingFaceConfig qwen3 = read("qwen3", "\"num_key_value_heads\": null");
        assertThat(qwen3.model().headWidth()).isEqualTo(128);
        assertThat(qwen3.model().headNorm()).isTrue();
        assertThat(qwen3.model().keyValueHeads()).isEqualTo(4);
    }

    @Test
    void ropeOfOldAndNewTransformersIsTheSame() {
        RopeScaling scaling = new RopeScaling(32, 1, 4, 8192);
        for (String more : new String[] {
            "\"rope_theta\": 5e5, \"rope_scaling\": {%s}".formatted(LLAMA3),
            "\"rope_theta\": 5e5, \"rope_scaling\": {%s}".formatted(LLAMA3.replace("rope_type", "type")),
            "\"rope_parameters\": {\"rope_theta\": 500000, %s}".formatted(LLAMA3),
            "\"rope_theta\": 5e5, \"rope_scaling\": null, \"rope_parameters\": {%s}".formatted(LLAMA3),
            "\"max_position_embeddings\": 8192.0, \"rope_theta\": 5e5, \"rope_scaling\": {%s}"
                    .formatted(LLAMA3.replace(", \"original_max_position_embeddings\": 8192", ""))
        }) {
            assertThat(read("llama", more).model().ropeScaling())
                    .describedAs(more)
                    .isEqualTo(scaling);
            assertThat(read("llama", more).model().ropeTheta()).isEqualTo(500_000);
        }
        assertThat(read("llama", "\"rope_scaling\": {\"rope_type\": \"default\"}")
                        .model()
                        .ropeScaling())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "llama|\"hidden_act\": \"gelu\"|hidden_act = gelu, must be silu",
                "llama|\"mlp_bias\": true|mlp_bias = true, must be false",
                "llama|\"attention_bias\": true|attention_bias = true, must be false",
                "qwen3|\"attention_bias\": true|attention_bias = true, must be false",
                "llama|\"rope_scaling\": {\"type\": \"yarn\"}|rope_scaling.rope_type = yarn, must be default or llama3",
                "llama|\"rope_parameters\": {\"rope_type\": \"linear\"}|rope_parameters.rope_type = linear, must be",
                "llama|\"rope_scaling\": {\"rope_type\": \"llama3\"}|rope_scaling.factor is missing",
                "llama|\"rope_parameters\": {\"full_attention\": {}}|differ by layer type",
                "llama|\"partial_rotary_factor\": 0.5|partial_rotary_factor = 0.5, must be 1",
                "llama|\"quantization_config\": {\"bits\": 4}|quantization_config is there, must be absent",
                "llama|\"head_dim\": 15|model config.head_dim = 15, must be even",
                "llama|\"head_dim\": \"x\"|head_dim = \"x\", must be an integer of 32 bits",
                "llama|\"num_key_value_heads\": 3|model config.num_key_value_heads = 3, must be a divisor",
                "llama|\"rms_norm_eps\": \"small\"|rms_norm_eps = \"small\", must be a number",
                "llama|\"tie_word_embeddings\": 1|tie_word_embeddings = 1, must be true or false",
                "llama|\"vocab_size\": 5|Duplicate",
                "mistral|\"sliding_window\": 1024|sliding_window = 1024, must be null or at least 4096",
                "qwen2|\"use_sliding_window\": true, \"sliding_window\": 512|sliding_window = 512, must be null",
                "qwen2|\"layer_types\": [\"linear_attention\"]|layer_types has linear_attention",
                "gemma3|\"x\": 1|model_type = gemma3 is not supported, must be one of llama, mistral, qwen2, qwen3",
            })
    void whatWouldBeComputedWronglyIsRefused(String type, String more, String problem) {
        assertThatThrownBy(() -> read(type, more))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void allMissingSizesAreToldAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
        assertThatThrownBy(() -> HuggingFaceConfig.read(file))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems()).hasSize(5).allMatch(problem -> problem.endsWith("is missing")));
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> HuggingFaceConfig.read(file)).hasMessageContaining("model_type is missing");
        Files.writeString(file, "[1]");
        assertThatThrownBy(() -> HuggingFaceConfig.read(file)).hasMessageContaining("is not a JSON object");
    }

    @Test
    void aWideSlidingWindowIsLeftOutWithANote() {
        HuggingFaceConfig mistral = read("mistral", "\"num_key_value_heads\": 2, \"sliding_window\": 4096");
        assertThat(mistral.contextTokens()).isEqualTo(4096);
        assertThat(mistral.notes()).singleElement().asString().contains("sliding window of 4096 tokens is not applied");
        assertThat(read("mistral", "\"num_key_value_heads\": 2, \"sliding_window\": null")
                        .notes())
                .isEmpty();
        assertThat(read("qwen2", "\"num_key_value_heads\": 2, \"sliding_window\": 512")
                        .notes())
                .isEmpty();
        // mistral's own default applies where the key is absent
        assertThat(read("mistral", "\"num_key_value_heads\": 2").notes()).hasSize(1);
    }
}
