package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.Checkpoint;
import org.dti4j.checkpoint.Checkpoints;
import org.dti4j.checkpoint.PeftAdapter;
import org.dti4j.checkpoint.PeftFiles;
import org.dti4j.checkpoint.WholeWeights;
import org.dti4j.data.PreparedData;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.Stream;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A run of the embedded model is exported, an adapter is trained on that checkpoint, and is exported in its turn. */
final class ExportTest {
    private static final Export ADAPTER = new Export(false, Precision.FLOAT32, 1L << 30);
    private static final Export MERGED = new Export(true, Precision.FLOAT32, 1L << 30);

    @TempDir
    private static Path folder;

    private static Path base;
    private static RunConfig config;

    @BeforeAll
    static void trainBoth() {
        Path nano = folder.resolve("nano");
        TinyRun.job(nano).run(false, () -> false);
        base = folder.resolve("base");
        assertThat(ADAPTER.write(TinyRun.config(nano), new RunFiles(nano), base))
                .isEqualTo(Export.Kind.CHECKPOINT);
        config = of(base, folder.resolve("adapted"), null);
        TinyRun.job(config).run(false, () -> false);
    }

    private static RunConfig of(Path model, Path out, @Nullable Path adapter) {
        return TinyRun.config(out, 1)
                .with(tiny -> tiny.model(tiny.model().withName(model.toString()))
                        .adapter(AdapterConfig.defaults()
                                .with(lora -> lora.rank(2)
                                        .alpha(4)
                                        .modules(List.of("q_proj", "down_proj"))
                                        .path(adapter))));
    }

    private static double[] probabilities(ClickModel model) {
        PreparedData data = TinyRun.data();
        PromptWriter prompts = new PromptWriter(
                data, TokenizedCatalogue.of(data.items(), model.segments(), Progress.SILENT), model.segments());
        return model.scorer(model.config().method()).score(List.of(prompts.write(new Stream(0, 0, 4, 14))));
    }

    @Test
    void aMergedCheckpointPredictsWhatTheAdapterDid() {
        Path merged = folder.resolve("merged");
        assertThat(MERGED.write(config, new RunFiles(config.out()), merged)).isEqualTo(Export.Kind.CHECKPOINT);
        try (ClickModel adapted = ClickModel.load(config, config.out(), System::nanoTime);
                ClickModel plain = ClickModel.start(of(base, folder, null), List.of(), System::nanoTime);
                ClickModel whole = ClickModel.start(of(merged, folder, null), List.of(), System::nanoTime)) {
            // the adapter of `whole` is new, so it changes nothing yet
            assertThat(probabilities(whole))
                    .containsExactly(probabilities(adapted), org.assertj.core.data.Offset.offset(1e-5));
            assertThat(probabilities(plain)).isNotEqualTo(probabilities(adapted));
        }
    }

    @Test
    void anExportedAdapterIsThatOfTheRun() throws IOException {
        Path exported = folder.resolve("adapter");
        assertThat(ADAPTER.write(config, new RunFiles(config.out()), exported)).isEqualTo(Export.Kind.ADAPTER);
        Path original = new RunFiles(config.out()).adapter();
        assertThat(exported.resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(original.resolve("adapter_model.safetensors"));
        assertThatThrownBy(() -> ADAPTER.write(config, new RunFiles(config.out()), exported))
                .isInstanceOf(UserException.class)
                .hasMessage("--output = %s, must be new or empty", exported);
    }

    @Test
    void rowsOfOtherTokensThatAnAdapterBringsAreTrainedOnAndKept() {
        Path start = folder.resolve("two-rows");
        int other = 9;
        try (Checkpoint checkpoint = Checkpoints.open(base);
                PeftAdapter read = PeftFiles.read(new RunFiles(config.out()).adapter(), checkpoint.config());
                Tensor row = Placement.CPU_FLOAT32.floats(new float[128], 128)) {
            TreeMap<Integer, Tensor> rows = new TreeMap<>(read.tokenRows());
            rows.put(other, row);
            PeftFiles.write(start, new PeftAdapter(2, 4, false, 0, null, read.modules(), rows));
        }
        Path out = folder.resolve("trained-on");
        TinyRun.job(of(base, out, start)).run(false, () -> false);
        try (Checkpoint checkpoint = Checkpoints.open(base);
                PeftAdapter trained = PeftFiles.read(new RunFiles(out).adapter(), checkpoint.config())) {
            assertThat(trained.tokenRows()).hasSize(2).containsKey(other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.norm.weight", "lm_head.weight", "model.embed_tokens.weight"})
    void whatAnAdapterBringsWholeIsKeptAndSavedWithTheNewOne(String name) {
        Path start = folder.resolve("start-" + name);
        float[] values;
        try (Checkpoint checkpoint = Checkpoints.open(base);
                PeftAdapter read = PeftFiles.read(new RunFiles(config.out()).adapter(), checkpoint.config());
                Scope scope = Scope.open()) {
            long[] shape = checkpoint.config().withOwnHead().weightShape(name);
            Tensor whole = Placement.CPU_FLOAT32.floats(
                    ramp(shape.length == 1 ? (int) shape[0] : (int) (shape[0] * shape[1])), shape);
            values = Tensors.toFloats(whole);
            PeftFiles.write(
                    start,
                    new PeftAdapter(
                            2,
                            4,
                            false,
                            0,
                            null,
                            read.modules(),
                            new TreeMap<>(),
                            new WholeWeights(new TreeMap<>(Map.of(name, whole)), false)));
        }
        RunConfig trainedOn = of(base, folder.resolve("trained-on-" + name), start);
        TinyRun.job(trainedOn).run(false, () -> false);
        try (Checkpoint checkpoint = Checkpoints.open(base);
                PeftAdapter trained = PeftFiles.read(new RunFiles(trainedOn.out()).adapter(), checkpoint.config())) {
            float[] kept = Tensors.toFloats(
                    Objects.requireNonNull(trained.whole().tensors().get(name)));
            long changed = IntStream.range(0, kept.length)
                    .filter(i -> kept[i] != values[i])
                    .count();
            // the row of [SUM] is trained, and where PEFT takes no single rows it stands in the embedding
            assertThat(changed)
                    .isEqualTo(name.contains("embed") ? checkpoint.config().width() : 0);
            assertThat(trained.tokenRows().isEmpty()).isEqualTo(!name.contains("norm"));
        }
        Path merged = folder.resolve("merged-" + name);
        MERGED.write(trainedOn, new RunFiles(trainedOn.out()), merged);
        try (ClickModel adapted = ClickModel.load(trainedOn, trainedOn.out(), System::nanoTime);
                ClickModel whole = ClickModel.start(of(merged, folder, null), List.of(), System::nanoTime)) {
            assertThat(probabilities(whole))
                    .containsExactly(probabilities(adapted), org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    private static float[] ramp(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = 0.5f + 0.1f * (i % 7);
        }
        return values;
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        Path other = folder.resolve("other-tokenizer");
        try (var files = Files.list(base)) {
            Files.createDirectories(other);
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        Path file = other.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        ObjectNode vocabulary = (ObjectNode) json.at("/model/vocab");
        int size = vocabulary.size();
        for (int more = 0; more < 5; more++) {
            vocabulary.put("more" + more, size + more);
        }
        Files.writeString(file, json.toString());
        assertThatThrownBy(() -> ClickModel.start(of(other, folder, null), List.of(), System::nanoTime))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s: the tokenizer has %d tokens, the embedding %d rows, must not be fewer: the tokenizer is another model's"
                                .formatted(other, size + 5, size));
    }

    private static Path copyOfBase(String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(name));
        for (Path file : listed(base)) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    @Test
    void anEndlessTokenizerIsRefusedUnread() throws IOException {
        Path other = copyOfBase("endless-tokenizer");
        try (RandomAccessFile file =
                new RandomAccessFile(other.resolve("tokenizer.json").toFile(), "rw")) {
            file.setLength((256L << 20) + 1);
        }
        assertThatThrownBy(() -> ClickModel.start(of(other, folder, null), List.of(), System::nanoTime))
                .isInstanceOf(UserException.class)
                .hasMessage("%s: has 268,435,457 bytes, must be at most 268,435,456 for a tokenizer"
                        .formatted(other.resolve("tokenizer.json")));
    }

    @Test
    void aCheckpointWhoseWeightsAreAllTrainedKeepsItsContextAndWhatStandsBesideIt() throws IOException {
        Path start = copyOfBase("all-weights");
        Path settings = start.resolve("config.json");
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(settings));
        Files.writeString(settings, json.put("max_position_embeddings", 777).toString());
        List<String> companions =
                List.of("tokenizer_config.json", "special_tokens_map.json", "generation_config.json", "tokenizer.json");
        Files.writeString(start.resolve("special_tokens_map.json"), "{\"bos_token\": \"<s>\"}");
        Files.writeString(start.resolve("generation_config.json"), "{\"max_length\": 7}");
        RunConfig all = of(start, folder.resolve("all-trained"), null)
                .withAdapter(AdapterConfig.defaults().withKind(AdapterConfig.Kind.NONE));
        TinyRun.job(all).run(false, () -> false);
        Path trained = new RunFiles(all.out()).model();
        for (String companion : companions) {
            assertThat(trained.resolve(companion)).hasSameBinaryContentAs(start.resolve(companion));
        }
        try (Checkpoint checkpoint = Checkpoints.open(trained)) {
            assertThat(checkpoint.inspection().contextTokens()).isEqualTo(777);
        }
    }

    @Test
    void aModelThatIsNeitherHereNorFetchedIsToldWithTheCommandThatFetchesIt() {
        assertThatThrownBy(() -> ClickModel.start(of(Path.of("org/name"), folder, null), List.of(), System::nanoTime))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("dti model fetch org/name");
    }

    @Test
    void aFolderWithoutAModelIsTheUsersMistake() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty-run"));
        assertThatThrownBy(() -> ADAPTER.write(config, new RunFiles(empty), folder.resolve("nothing")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("holds neither adapter/ nor model/");
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void aRunIsNotResumedNorRepeatedFromAnotherCheckpointThanItBeganWith() throws IOException {
        Path moved = Files.createDirectories(folder.resolve("moved"));
        for (Path file : listed(base)) {
            Files.copy(file, moved.resolve(file.getFileName()));
        }
        RunConfig begun = of(moved, folder.resolve("begun"), null);
        TinyRun.job(begun).run(false, () -> false);
        Provenance provenance = Provenance.read(new RunFiles(begun.out()));
        assertThat(provenance.checkpointHash()).hasSize(64);
        assertThat(Provenance.read(new RunFiles(folder.resolve("nano"))).checkpointHash())
                .isNull();

        String fingerprint = RunFingerprint.of(begun, TinyRun.data());
        assertThat(RunFingerprint.of(of(base, begun.out(), null), TinyRun.data()))
                .describedAs("the same checkpoint in another place")
                .isEqualTo(fingerprint);

        Path weights = moved.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> TinyRun.job(begun).run(true, () -> false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the run began with a checkpoint of hash " + provenance.checkpointHash());
        assertThatThrownBy(() -> TinyRun.job(of(moved, folder.resolve("repeated"), null))
                        .repeating(provenance)
                        .run(false, () -> false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("must be the same");
        assertThat(RunFingerprint.of(begun, TinyRun.data())).isNotEqualTo(fingerprint);
    }

    private static List<Path> listed(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }
}
