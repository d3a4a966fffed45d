package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.Checkpoint;
import org.dti4j.checkpoint.Checkpoints;
import org.dti4j.checkpoint.HuggingFaceWriter;
import org.dti4j.checkpoint.MergedWeights;
import org.dti4j.checkpoint.PeftAdapter;
import org.dti4j.checkpoint.PeftFiles;
import org.dti4j.checkpoint.SafetensorsFile;
import org.dti4j.checkpoint.WholeWeights;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Weights;
import org.dti4j.prompt.HuggingFaceTokenizer;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.Tokenizer;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What we save loads in peft and transformers and answers the same, and the other way round. Needs a Python with both; without
 * {@code -Ddti.python=…} or {@code DTI_PYTHON} it is skipped, and says so.
 */
final class PythonRoundTripTest {
    private static final Path GOLDEN = Path.of(Objects.requireNonNull(System.getProperty("dti.golden")));
    private static final List<String> ARCHITECTURES = List.of("llama", "llama31", "qwen2", "qwen3", "mistral");
    private static final float LOGITS = 1e-4f;
    private static final int SUM = 2;
    private static final int OTHER = 7;
    /** BOS and the first words, then an item, then [SUM]: a sliding-window prompt of one target is plain causal attention. */
    private static final int[] PREFIX = {1, 40, 41, OTHER, 42};

    private static final int[] ITEM = {51, 60, 33};
    private static final List<String> TEXTS = List.of("The Amber River 3 is a Drama", "Yes", "of nothing known: zzz");

    /** What is stored whole, by the names that PEFT's settings take, and whether a tied head stays tied. */
    private record Whole(List<String> modules, boolean keepsTying) {}

    private static final Map<String, Whole> WHOLE = Map.of(
            "head", new Whole(List.of("lm_head"), false),
            "embedding", new Whole(List.of("embed_tokens"), false),
            "both", new Whole(List.of("embed_tokens", "lm_head", "model.norm", "input_layernorm"), false),
            "tied", new Whole(List.of("embed_tokens"), true),
            "projection", new Whole(List.of("layers.1.self_attn.q_proj"), false));

    @TempDir
    private static Path folder;

    @BeforeAll
    static void askPython() throws IOException, InterruptedException {
        Python python = Python.find().orElse(null);
        assumeThat(python)
                .as("SKIPPED: no Python with transformers and peft was named by -Ddti.python or DTI_PYTHON")
                .isNotNull();
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (String architecture : ARCHITECTURES) {
            Path base = GOLDEN.resolve(architecture).resolve("base");
            jobs.add(job(
                    architecture + "-ours",
                    base,
                    Map.of("adapter", writeOurs(architecture).toString())));
            jobs.add(job(
                    architecture + "-theirs",
                    base,
                    Map.of("adapter", at(architecture + "-theirs").toString(), "create", loraConfig())));
            for (Precision precision : Precision.values()) {
                jobs.add(job(merged(architecture, precision), writeMerged(architecture, precision), Map.of()));
            }
        }
        for (String architecture : ARCHITECTURES) {
            Path base = GOLDEN.resolve(architecture).resolve("base");
            for (Map.Entry<String, Whole> whole : WHOLE.entrySet()) {
                String name = architecture + "-" + whole.getKey();
                jobs.add(job(
                        name + "-ours",
                        base,
                        Map.of(
                                "adapter",
                                writeWhole(architecture, name, whole.getValue()).toString())));
                jobs.add(job(
                        name + "-theirs",
                        base,
                        Map.of("adapter", at(name + "-theirs").toString(), "create", wholeConfig(whole.getValue()))));
                jobs.add(job(name + "-merged", mergeWhole(architecture, name), Map.of()));
            }
        }
        jobs.add(job(
                "nano",
                exportNano(),
                Map.of("texts", TEXTS, "tokens", at("nano.tokens").toString())));
        Objects.requireNonNull(python).run("/org/dti4j/checkpoint/peft_round_trip.py", jobs, folder);
    }

    private static Path at(String name) {
        return folder.resolve(name);
    }

    private static String merged(String architecture, Precision precision) {
        return architecture + "-" + precision;
    }

    private static Map<String, Object> job(String name, Path base, Map<String, Object> more) {
        Map<String, Object> job = new LinkedHashMap<>(more);
        job.put("base", base.toString());
        job.put(
                "ids",
                IntStream.concat(IntStream.concat(Arrays.stream(PREFIX), Arrays.stream(ITEM)), IntStream.of(SUM))
                        .toArray());
        job.put("logits", at(name + ".safetensors").toString());
        return job;
    }

    /** Ranks and alphas by pattern, rank-stabilised, two trained rows: all that an adapter can have here. */
    private static Map<String, Object> loraConfig() {
        return Map.of(
                "r", 4,
                "lora_alpha", 6,
                "use_rslora", true,
                "target_modules", List.of("q_proj", "v_proj", "down_proj"),
                "rank_pattern", Map.of("layers.1.self_attn.q_proj", 2, "down_proj", 3),
                "alpha_pattern", Map.of("v_proj", 5),
                "trainable_token_indices", Map.of("embed_tokens", List.of(OTHER, SUM)));
    }

    private static Map<String, Object> wholeConfig(Whole whole) {
        return Map.of(
                "r", 2,
                "lora_alpha", 4,
                "target_modules", List.of("v_proj"),
                "modules_to_save", whole.modules(),
                "ensure_weight_tying", whole.keepsTying());
    }

    /** Random weights for all modules that are stored whole, beside an adapter of v_proj. */
    private static Path writeWhole(String architecture, String name, Whole whole) {
        TreeMap<String, Tensor> tensors = new TreeMap<>();
        Map<String, PeftAdapter.Pair> modules = new LinkedHashMap<>();
        boolean tied;
        try (Checkpoint base = Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                Scope scope = Scope.open()) {
            LlamaConfig untied = base.config().withOwnHead();
            tied = whole.keepsTying() && base.config().tiedHead();
            int seed = 100;
            for (String weight : untied.weightNames()) {
                String module = weight.substring(0, weight.lastIndexOf('.'));
                long[] shape = untied.weightShape(weight);
                if (whole.modules().stream().anyMatch(module::endsWith)) {
                    tensors.put(weight, random(scope, seed++, shape));
                } else if (weight.contains("v_proj.weight")) {
                    Tensor a = random(scope, seed++, 2, shape[1]);
                    modules.put(module, new PeftAdapter.Pair(a, random(scope, seed++, shape[0], 2), 2));
                }
            }
        }
        Path output = at(name + "-ours");
        try (PeftAdapter adapter =
                new PeftAdapter(2, 4, false, 0, "base", modules, new TreeMap<>(), new WholeWeights(tensors, tied))) {
            PeftFiles.write(output, adapter);
        }
        return output;
    }

    private static Path mergeWhole(String architecture, String name) {
        Path output = at(name + "-merged");
        try (Checkpoint base = Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                PeftAdapter adapter = PeftFiles.read(at(name + "-ours"), base.config())) {
            Weights weights = new MergedWeights(base, adapter);
            HuggingFaceWriter.write(
                    output,
                    weights.config(),
                    512,
                    Precision.FLOAT32,
                    HuggingFaceWriter.ONE_FILE,
                    List.of(),
                    each -> weights.read(each, Precision.FLOAT32));
        }
        return output;
    }

    private static Path writeOurs(String architecture) {
        Path output = at(architecture + "-ours");
        try (PeftAdapter adapter = ourAdapter(architecture)) {
            PeftFiles.write(output, adapter);
        }
        return output;
    }

    /** Another rank and another scale in every third module. */
    private static PeftAdapter ourAdapter(String architecture) {
        Map<String, PeftAdapter.Pair> modules = new LinkedHashMap<>();
        TreeMap<Integer, Tensor> rows = new TreeMap<>();
        try (Checkpoint base = Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                Scope scope = Scope.open()) {
            int seed = 0;
            for (String name : base.config().weightNames()) {
                if (name.contains("_proj.weight")) {
                    long[] shape = base.config().weightShape(name);
                    int rank = seed % 3 == 0 ? 2 : 4;
                    modules.put(
                            name.substring(0, name.length() - ".weight".length()),
                            new PeftAdapter.Pair(
                                    random(scope, seed++, rank, shape[1]),
                                    random(scope, seed++, shape[0], rank),
                                    seed % 3 == 0 ? 1.25 : 2));
                }
            }
            rows.put(SUM, random(scope, seed++, base.config().width()));
            rows.put(OTHER, random(scope, seed, base.config().width()));
        }
        return new PeftAdapter(4, 8, false, 0, "base", modules, rows);
    }

    private static Tensor random(Scope scope, int seed, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-0.3, 0.3);
        }
        return scope.own(Placement.CPU_FLOAT32.floats(values, shape));
    }

    private static Path writeMerged(String architecture, Precision precision) {
        Path output = at(merged(architecture, precision));
        try (Checkpoint base = Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                PeftAdapter adapter = ourAdapter(architecture)) {
            Weights weights = new MergedWeights(base, adapter);
            HuggingFaceWriter.write(
                    output, base.config(), 512, precision, 100_000, List.of(), name -> weights.read(name, precision));
        }
        return output;
    }

    private static Path exportNano() {
        Path run = at("nano-run");
        RunConfig config = TinyRun.config(run);
        TinyRun.job(run).run(false, () -> false);
        Path output = at("nano");
        new Export(false, Precision.FLOAT32, 1_000_000).write(config, new RunFiles(run), output);
        return output;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ours", "-theirs"})
    void peftAnswersAsWeDoOfTheSameAdapter(String whose) {
        for (String architecture : ARCHITECTURES) {
            try (Checkpoint base = Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                    PeftAdapter adapter = PeftFiles.read(at(architecture + whose), base.config())) {
                assertThat(adapter.tokenRows()).containsOnlyKeys(SUM, OTHER);
                expectSame(architecture + whose, adapted(base, adapter));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "embedding", "both", "tied", "projection"})
    void peftAnswersAsWeDoOfModulesThatAreStoredWhole(String what) {
        for (String architecture : ARCHITECTURES) {
            String name = architecture + "-" + what;
            for (String whose : List.of("-ours", "-theirs")) {
                try (Checkpoint base =
                                Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                        PeftAdapter adapter = PeftFiles.read(at(name + whose), base.config())) {
                    float[] found = adapted(base, adapter);
                    expectSame(name + whose, found);
                    assertThat(found).as("what is whole matters").isNotEqualTo(plain(base));
                    assertThat(plain(new MergedWeights(base, adapter))).containsExactly(found, within());
                }
            }
            try (Checkpoint merged = Checkpoints.open(at(name + "-merged"))) {
                expectSame(name + "-merged", plain(merged));
                expectSame(name + "-ours", plain(merged));
            }
        }
    }

    @Test
    void transformersAnswersAsWeDoOfTheMergedCheckpoint() throws IOException {
        for (String architecture : ARCHITECTURES) {
            for (Precision precision : Precision.values()) {
                String name = merged(architecture, precision);
                assertThat(Files.readString(at(name).resolve("model.safetensors.index.json")))
                        .contains("model-00002-of-");
                try (Checkpoint checkpoint = Checkpoints.open(at(name))) {
                    expectSame(name, plain(checkpoint));
                }
            }
        }
    }

    /** In Java alone, so it holds without Python too once the files are there. */
    @Test
    void theMergedModelAnswersAsTheAdaptedOne() {
        for (String architecture : ARCHITECTURES) {
            try (Checkpoint base = Checkpoints.open(GOLDEN.resolve(architecture).resolve("base"));
                    PeftAdapter adapter = ourAdapter(architecture);
                    Checkpoint merged = Checkpoints.open(at(merged(architecture, Precision.FLOAT32)))) {
                assertThat(plain(merged)).containsExactly(adapted(base, adapter), within());
                assertThat(plain(base)).as("the adapter does something").isNotEqualTo(plain(merged));
            }
        }
    }

    @Test
    void anExportedRunLoadsWithItsTokenizer() throws IOException {
        try (Checkpoint checkpoint = Checkpoints.open(at("nano"))) {
            expectSame("nano", plain(checkpoint));
        }
        JsonNode tokens = JsonMapper.shared().readTree(Files.readString(at("nano.tokens")));
        String json = Files.readString(at("nano").resolve("tokenizer.json"));
        try (Tokenizer tokenizer = HuggingFaceTokenizer.parse("nano", json)) {
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(tokens.get(i)
                                .valueStream()
                                .mapToInt(JsonNode::intValue)
                                .toArray())
                        .isEqualTo(tokenizer.encode(TEXTS.get(i)));
            }
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(LOGITS);
    }

    private static void expectSame(String name, float[] found) {
        try (SafetensorsFile file = SafetensorsFile.open(at(name + ".safetensors"));
                Scope scope = Scope.open()) {
            assertThat(found)
                    .as(name)
                    .containsExactly(Tensors.toFloats(file.read("logits", Precision.FLOAT32)), within());
        }
    }

    private static float[] adapted(Weights base, PeftAdapter adapter) {
        Lora.Source source = (path, outputs, inputs) -> {
            PeftAdapter.Pair pair = adapter.modules().get(path);
            return pair == null ? null : new Lora.Start(pair.a(), pair.b(), pair.scale());
        };
        try (Lora lora = Lora.from(source, Placement.CPU_FLOAT32);
                Llama model = Llama.load(adapter.whole().over(base), Placement.CPU_FLOAT32, lora);
                Scope scope = Scope.open()) {
            int[] ids = adapter.tokenRows().keySet().stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            Tensor[] rows = adapter.tokenRows().values().stream()
                    .map(row -> row.view(1, base.config().width()))
                    .toArray(Tensor[]::new);
            if (ids.length > 0) {
                model.trainRows(new Llama.TrainedRows(new Llama.TrainedRows.Ids(ids), Tensors.join(0, rows)));
            }
            return logits(model);
        }
    }

    private static float[] plain(Weights weights) {
        try (Llama model = Llama.load(weights, Placement.CPU_FLOAT32, LinearMap.Factory.PLAIN)) {
            return logits(model);
        }
    }

    private static float[] logits(Llama model) {
        Prompt prompt = new Prompt(PREFIX, new int[][] {ITEM}, new int[][] {{}}, 0, new boolean[1]);
        try (Scope scope = Scope.open()) {
            return Tensors.toFloats(model.logits(
                    Layout.of(List.of(prompt), Method.named("sliding-window").withContext(1), SUM)));
        }
    }
}
