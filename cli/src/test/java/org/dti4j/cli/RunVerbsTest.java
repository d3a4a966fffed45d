package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Verbs around run folders and checkpoints, end to end with the smallest run that there is. */
final class RunVerbsTest {
    private static final String GOLDEN = System.getProperty("dti.golden");

    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    private String config(String method, String out) throws IOException {
        String yaml = """
                method: {name: %s, context: 4}
                train: {maxTargets: 40, targetsPerStep: 20, validationTargets: 20}
                evaluate: {maxTargets: 20}
                out: %s
                """.formatted(method, out);
        return Files.writeString(folder.resolve(out + ".yaml"), yaml).toString();
    }

    @Test
    void aRunIsTrainedEvaluatedAndCompared() throws IOException {
        String dti = config("dti", "dti");
        assertThat(terminal.run("train", dti, "--json")).as(terminal.err()).isZero();
        JsonNode trained = terminal.json();
        assertThat(trained.at("/test/targets").asInt()).isEqualTo(20);
        assertThat(trained.at("/train/targets").asInt()).isEqualTo(40);
        assertThat(folder.resolve("dti"))
                .isDirectoryContaining("glob:**/{config.yaml,metrics.json,steps.jsonl,model,provenance.json}");

        assertThat(terminal.run("train", dti)).isEqualTo(2);
        assertThat(terminal.err()).contains("must be a new folder");
        assertThat(terminal.run("train", dti, "--resume", "--set", "train.seed=2"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("begun with another configuration");

        assertThat(terminal.run("train", config("sliding-window", "sw")))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out()).contains("validation", "test", "log loss");

        String first = folder.resolve("dti").toString();
        String second = folder.resolve("sw").toString();
        assertThat(terminal.run("evaluate", first, second, "--json"))
                .as(terminal.err())
                .isZero();
        JsonNode evaluated = terminal.json();
        assertThat(evaluated.at("/runs").propertyNames()).containsExactly(first, second);
        assertThat(evaluated.at("/runs").get(first).get("auc")).isEqualTo(trained.at("/test/auc"));
        assertThat(evaluated.at("/difference/auc/difference").asDouble())
                .isEqualTo(evaluated.at("/runs").get(first).get("auc").asDouble()
                        - evaluated.at("/runs").get(second).get("auc").asDouble());

        assertThat(terminal.run("evaluate", first, "--layout", "stream", "--part", "validation"))
                .isZero();
        assertThat(terminal.out()).startsWith("validation, stream layout");
        String exported = folder.resolve("exported").toString();
        assertThat(terminal.run(
                        "export", first, "--output", exported, "--dtype", "bfloat16", "--shard-size", "1MB", "--json"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.json().at("/kind").asString()).isEqualTo("checkpoint");
        assertThat(terminal.run("model", "inspect", exported))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out()).contains("bf16", "tokenizer.json").doesNotContain("1 file(s)");
        assertThat(terminal.run("export", first, "--output", exported)).isEqualTo(2);
        assertThat(terminal.err()).contains("must be new or empty");
        assertThat(terminal.run("export", first, "--output", exported + "2", "--shard-size", "much"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--shard-size = much, must be a size such as 5GB");

        assertThat(terminal.run("evaluate", first, "--set", "train.seed=2")).isEqualTo(2);
        assertThat(terminal.err()).contains("must be a key of evaluate or model");
    }

    @Test
    void aRunIsReportedBesideItselfAndOnAnotherMachineThanItsOwn() throws IOException {
        String config = config("dti", "shown");
        assertThat(terminal.run("train", config, "--set", "data.split={train: 0.7, validation: 0.1, test: 0.2}"))
                .as(terminal.err())
                .isZero();
        Path run = folder.resolve("shown");
        Path file = run.resolve("config.yaml");
        Files.writeString(file, Files.readString(file).replaceFirst("device: .*", "device: cuda"));
        Path page = folder.resolve("page.html");
        assertThat(terminal.run(
                        "report",
                        run.toString(),
                        run.toString(),
                        "--set",
                        "model.device=cpu",
                        "--out",
                        page.toString()))
                .as(terminal.err())
                .isZero();
        assertThat(Files.readString(page)).contains("shown, shown (2)", "7 : 1 : 2, one global cut", "scored by shown");
        assertThat(terminal.run("report", run.toString(), "--set", "train.seed=2"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("must be a key of model");
    }

    @Test
    void nanoHasAsManyLayersAndHeadsAsItIsAskedFor() throws IOException {
        String deep = config("dti", "deep");
        assertThat(terminal.run("train", deep, "--set", "model.nanoLayers=0", "--set", "model.nanoHeads=33"))
                .isEqualTo(2);
        assertThat(terminal.err())
                .contains("model.nanoLayers = 0, must be 1 to 32", "model.nanoHeads = 33, must be 1 to 32");
        assertThat(terminal.run("train", deep, "--set", "model.nanoLayers=3", "--set", "model.nanoHeads=8"))
                .as(terminal.err())
                .isZero();
        JsonNode shape = JsonMapper.shared().readTree(Files.readString(folder.resolve("deep/model/config.json")));
        assertThat(shape.at("/num_hidden_layers").asInt()).isEqualTo(3);
        assertThat(shape.at("/num_attention_heads").asInt()).isEqualTo(8);
        assertThat(terminal.run("evaluate", folder.resolve("deep").toString()))
                .as(terminal.err())
                .isZero();
    }

    @Test
    void whatIsNoRunIsAMistake() {
        assertThat(terminal.run("evaluate", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("no such folder, must be the folder of a run");
        assertThat(terminal.run("evaluate", folder.toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("has no config.yaml");
        assertThat(terminal.run("evaluate", folder.toString(), "--part", "train"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("must be validation or test");
    }

    @Test
    void aRunThatWasNeverBegunCannotBeResumed() throws IOException {
        assertThat(terminal.run("train", config("dti", "never"), "--resume")).isEqualTo(2);
        assertThat(terminal.err()).contains("holds no run to resume");
    }

    @Test
    void aRunIsRepeatedFromItsProvenanceAlone() throws IOException {
        assertThat(terminal.run("train", config("dti", "first")))
                .as(terminal.err())
                .isZero();
        Path provenance = Files.move(folder.resolve("first/provenance.json"), folder.resolve("elsewhere.json"));
        Path again = folder.resolve("again");
        assertThat(terminal.run("train", "--from", provenance.toString(), "--set", "out=" + again))
                .as(terminal.err())
                .isZero();
        assertThat(again.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("first/model/model.safetensors"));
        assertThat(terminal.run("train", "--from", provenance.toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("must be a new folder");

        String changed = Files.readString(provenance).replaceFirst("\"dataHash\" : \"....", "\"dataHash\" : \"0000");
        Files.writeString(provenance, changed);
        assertThat(terminal.run("train", "--from", provenance.toString(), "--set", "out=" + folder.resolve("other")))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("was trained on data of hash 0000");
        assertThat(terminal.run("train")).isEqualTo(2);
        assertThat(terminal.err()).contains("train needs a CONFIG, or --from");
        assertThat(terminal.run(
                        "train", "--from", Files.writeString(provenance, "{").toString()))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("is not the provenance.json of a run");
    }

    @Test
    void aRunIsNotGoneOnWithNorShownOnOtherData() throws IOException {
        String config = config("dti", "moved");
        assertThat(terminal.run("train", config)).as(terminal.err()).isZero();
        Path provenance = folder.resolve("moved/provenance.json");
        String changed = Files.readString(provenance).replaceFirst("\"dataHash\" : \"..", "\"dataHash\" : \"zz");
        Files.writeString(provenance, changed);
        assertThat(terminal.run("train", config, "--resume")).isEqualTo(2);
        assertThat(terminal.err()).contains(folder.resolve("moved") + ": was trained on data of hash zz");
        assertThat(provenance).hasContent(changed);
        assertThat(terminal.run("report", folder.resolve("moved").toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("was trained on data of hash zz");
    }

    @Test
    void aQuickstartIsNotGoneOnWithByOtherOptions() {
        String out = folder.resolve("quick").toString();
        String[] small = {
            "quickstart",
            "--out",
            out,
            "--set",
            "train.maxTargets=200",
            "--set",
            "train.validationTargets=20",
            "--set",
            "evaluate.maxTargets=20"
        };
        assertThat(terminal.run(small)).as(terminal.err()).isZero();
        assertThat(terminal.run(small)).as(terminal.err()).isZero();
        assertThat(terminal.err()).contains("is finished already");
        String[] other = Stream.concat(Stream.of(small), Stream.of("--set", "method.targets=10"))
                .toArray(String[]::new);
        assertThat(terminal.run(other)).isEqualTo(2);
        assertThat(terminal.err()).contains("dti: was made with other options than these", "remove " + out);
    }

    @Test
    void aRunFolderInUseIsAMistakeAndItsConfigurationStays() throws IOException {
        String config = config("dti", "busy");
        Path run = Files.createDirectories(folder.resolve("busy"));
        Files.writeString(run.resolve("config.yaml"), "of the other process");
        try (FileChannel other =
                FileChannel.open(run.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            assertThat(terminal.run("train", config)).isEqualTo(2);
        }
        assertThat(terminal.err()).contains("must not be in use: another process trains in it");
        assertThat(run.resolve("config.yaml")).hasContent("of the other process");
    }

    @Test
    void aCheckpointIsDescribed() {
        assertThat(terminal.run("model", "inspect", GOLDEN + "/llama31/base")).isZero();
        assertThat(terminal.out()).contains("Hugging Face folder", "3 file(s)", "layers", "f32");
        assertThat(terminal.run("model", "inspect", GOLDEN + "/qwen2/base", "--json"))
                .isZero();
        assertThat(terminal.json().at("/config/attentionBias").asBoolean()).isTrue();
    }

    @Test
    void whatIsNoCheckpointIsAMistake() throws IOException {
        assertThat(terminal.run("model", "inspect", folder.toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("has no config.json");
        Path pickle = Files.writeString(folder.resolve("model.bin"), "x");
        assertThat(terminal.run("model", "inspect", pickle.toString())).isEqualTo(2);
        assertThat(terminal.err()).contains("is a pickle");
        assertThat(terminal.run("model", "inspect", folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(terminal.err()).doesNotContain("\tat ");
    }
}
