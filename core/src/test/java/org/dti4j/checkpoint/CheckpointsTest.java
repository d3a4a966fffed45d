package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    private Path folder;

    private void assertRefused(Path path, String problem) {
        assertThatThrownBy(() -> Checkpoints.open(path))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(path + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void whatIsNoCheckpointIsToldWithWhatIsExpected() throws IOException {
        assertRefused(folder.resolve("absent"), "no such file");
        assertRefused(folder, "has no config.json, must be a folder with config.json and model.safetensors");
        Files.writeString(folder.resolve("b.gguf"), "x");
        Files.writeString(folder.resolve("a.gguf"), "x");
        assertRefused(folder, "give the GGUF file itself, for instance " + folder.resolve("a.gguf"));
        assertRefused(folder.resolve("a.gguf"), "is no checkpoint");
        assertRefused(Files.writeString(folder.resolve("model.pt"), "x"), "is a pickle, which can run code");
        assertRefused(
                GoldenFolders.base("llama").resolve("model.safetensors"),
                "is one file of a checkpoint; give the folder, with its config.json");
        assertRefused(GoldenFolders.adapter("llama"), "is a PEFT adapter");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"");
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + ": is not valid JSON");
    }

    @Test
    void aFolderIsDescribedWithItsTypesAndTokenizer() {
        Inspection inspection = Checkpoints.inspect(GoldenFolders.base("mistral"));
        assertThat(inspection.format()).isEqualTo(Inspection.Format.HUGGING_FACE);
        assertThat(inspection.architecture()).isEqualTo("mistral");
        assertThat(inspection.types())
                .containsExactlyEntriesOf(java.util.Map.of("BF16", new Inspection.TensorCount(30, 123_328, 246_656)));
        assertThat(inspection.bytes()).isEqualTo(246_656);
        assertThat(inspection.tokenizer()).startsWith("none, expected ").endsWith("tokenizer.json");
        assertThat(inspection.problems()).isEmpty();
        assertThat(Checkpoints.inspect(GoldenFolders.base("llama31")).files()).isEqualTo(3);
    }

    @Test
    void adaptersAndFoldersWithProblemsAreDescribedToo() {
        Inspection adapter = Checkpoints.inspect(GoldenFolders.adapter("llama"));
        assertThat(adapter.format()).isEqualTo(Inspection.Format.PEFT);
        assertThat(adapter.types().get("F32")).isNotNull().matches(count -> count.tensors() == 43);
        Path copy = GoldenFolders.copy(GoldenFolders.base("llama"), folder.resolve("copy"));
        GoldenFolders.edit(copy.resolve("config.json"), json -> json.replace("\"llama\"", "\"gemma3\""));
        Inspection foreign = Checkpoints.inspect(copy);
        assertThat(foreign.config()).isNull();
        assertThat(foreign.parameters()).isPositive();
        assertThat(foreign.problems()).singleElement().asString().contains("model_type = gemma3 is not supported");
    }
}
