package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.Engine;
import org.dti4j.engine.TestEngines;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.model.TestModels;
import org.dti4j.model.Weights;
import org.dti4j.score.Scorer;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.tensor.Workers;
import org.dti4j.train.LlamaLearner;
import org.dti4j.train.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * docs/method.md section 7, invariants 1 and 2: every architecture and method of the golden folder, through the definition and through the
 * engine; logits, probabilities, loss, and the gradient of every adapter parameter. The folder is that of the system
 * property {@code dti.golden}, so that vectors of another seed or architecture can be tried; {@code dti.device} says where to compute.
 */
class GoldenTest {
    private static final double LOGITS = 1e-4;
    private static final double GRADIENTS = 1e-3;
    private static final double SCALE = 2; // the adapters' lora_alpha / r, 8 / 4
    private static final String PEFT = "base_model.model.";
    private static final String SUM_ROW = Llama.TrainedRows.NAME;
    private static final Placement PLACEMENT =
            new Placement(Precision.FLOAT32, System.getProperty("dti.device", "cpu"));
    private static final Path GOLDEN = Path.of(Objects.requireNonNull(System.getProperty("dti.golden")));

    static Stream<Path> architectures() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            List<Path> found = folders.filter(folder -> Files.exists(folder.resolve("cases.json")))
                    .sorted()
                    .toList();
            assertThat(found).describedAs("golden folders in %s", GOLDEN).isNotEmpty();
            return found.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void definitionEqualsTheReference(Path architecture) {
        check(architecture, GoldenTest::checkDefinition);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void engineEqualsTheReference(Path architecture) {
        check(architecture, GoldenTest::checkEngine);
    }

    /** A model, perhaps with adapters, for one case. */
    record Subject(GoldenCase golden, Llama model, @Nullable Lora lora, SortedMap<String, Tensor> parameters) {
        Layout layout() {
            return Layout.of(
                    List.of(golden.prompt()),
                    golden.method(),
                    golden.vocabulary().sum());
        }
    }

    @FunctionalInterface
    private interface Check {
        void of(Subject subject, SafetensorsFile answers);
    }

    private static void check(Path architecture, Check check) {
        JsonNode cases = JsonMapper.shared().readTree(architecture.resolve("cases.json"));
        try (SafetensorsFile answers = SafetensorsFile.open(architecture.resolve("answers.safetensors"));
                SafetensorsFile adapter =
                        SafetensorsFile.open(architecture.resolve("adapter").resolve("adapter_model.safetensors"));
                Weights weights = HuggingFaceCheckpoint.open(architecture.resolve("base"))) {
            assertThat(cases.isEmpty()).isFalse();
            for (JsonNode each : cases) {
                GoldenCase golden = GoldenCase.of(each);
                try (Llama model = Llama.load(weights, PLACEMENT, LinearMap.Factory.PLAIN)) {
                    check.of(new Subject(golden, model, null, new TreeMap<>()), answers);
                }
                checkAdapted(golden, weights, adapter, check, answers);
            }
        }
    }

    private static void checkAdapted(
            GoldenCase golden, Weights weights, SafetensorsFile adapter, Check check, SafetensorsFile answers) {
        try (Lora lora = Lora.from(source(adapter), PLACEMENT);
                Llama model = Llama.load(weights, PLACEMENT, lora);
                Tensor sumRow = PLACEMENT
                        .place(adapter.read(PEFT + SUM_ROW, Precision.FLOAT32))
                        .clone()
                        .set_requires_grad(true)) {
            model.trainRows(new Llama.TrainedRows(
                    new Llama.TrainedRows.Ids(golden.vocabulary().sum()), sumRow));
            SortedMap<String, Tensor> parameters = new TreeMap<>(lora.parameters());
            parameters.put(SUM_ROW, sumRow);
            check.of(new Subject(golden, model, lora, parameters), answers);
        }
    }

    private static void checkDefinition(Subject subject, SafetensorsFile answers) {
        checkLogits(subject, TestModels.logits(subject.model(), subject.layout()), answers);
        if (subject.lora() != null) {
            try (Scope scope = Scope.open()) {
                Tensor logits = subject.model().logits(subject.layout());
                Tensor loss =
                        logits.log_softmax(1).gather(1, labels(subject)).mean().neg();
                loss.backward();
                checkLoss(subject, loss.item_double(), answers);
            }
            checkGradients(subject, answers);
        }
    }

    private static Tensor labels(Subject subject) {
        Layout layout = subject.layout();
        int[] labels = new int[layout.targets()];
        for (int target = 0; target < labels.length; target++) {
            labels[target] = layout.label(target)
                    ? subject.golden().vocabulary().yes()
                    : subject.golden().vocabulary().no();
        }
        return PLACEMENT.integers(labels, labels.length, 1);
    }

    private static void checkEngine(Subject subject, SafetensorsFile answers) {
        Engine engine = new Engine(subject.model(), subject.lora());
        GoldenCase golden = subject.golden();
        checkLogits(subject, TestEngines.logits(engine, subject.layout()), answers);
        if (subject.lora() == null) {
            return;
        }
        try (Workers workers = Workers.start();
                LlamaLearner learner = new LlamaLearner(
                        engine,
                        subject.parameters(),
                        golden.method(),
                        golden.vocabulary(),
                        stream -> golden.prompt(),
                        stream -> golden.prompt().tokens(),
                        0,
                        workers)) {
            int targets = golden.prompt().targets();
            Step step = new Step(List.of(List.of(new org.dti4j.prompt.Stream(0, 0, 0, targets))));
            checkLoss(subject, learner.accumulate(step, 1)[0] / targets, answers);
            checkGradients(subject, answers);
            double[] scored = new Scorer(engine, golden.method(), golden.vocabulary(), 1, workers)
                    .score(List.of(golden.prompt()));
            checkProbabilities(golden, scored, answers);
        }
    }

    private static void checkLogits(Subject subject, float[] logits, SafetensorsFile answers) {
        String name = subject.golden().name();
        if (subject.lora() == null) {
            assertClose(logits, answers, name + "/base_logits");
            return;
        }
        assertClose(logits, answers, name + "/adapter_logits");
        if (answers.names().contains(name + "/transformers_peft_logits")) {
            assertClose(logits, answers, name + "/transformers_peft_logits");
        }
    }

    private static void checkProbabilities(GoldenCase golden, double[] scored, SafetensorsFile answers) {
        float[] probabilities = new float[scored.length];
        for (int target = 0; target < scored.length; target++) {
            probabilities[target] = (float) scored[target];
        }
        assertClose(probabilities, answers, golden.name() + "/adapter_probability");
    }

    private static void checkLoss(Subject subject, double loss, SafetensorsFile answers) {
        assertThat(loss).isCloseTo(read(answers, subject.golden().name() + "/loss")[0], within(LOGITS));
    }

    private static void checkGradients(Subject subject, SafetensorsFile answers) {
        subject.parameters().forEach((name, parameter) -> {
            float[] expected = read(answers, subject.golden().name() + "/grad/" + name);
            float[] gradient = Tensors.toFloats(parameter.grad());
            assertThat(TestModels.difference(gradient, expected))
                    .describedAs("%s, gradient of %s", subject.golden().name(), name)
                    .isLessThan(GRADIENTS * TestModels.size(expected));
        });
    }

    private static Offset<Double> within(double offset) {
        return Offset.offset(offset);
    }

    private static Lora.Source source(SafetensorsFile file) {
        return (path, outputs, inputs) -> new Lora.Start(
                file.read(PEFT + path + Lora.A, Precision.FLOAT32),
                file.read(PEFT + path + Lora.B, Precision.FLOAT32),
                SCALE);
    }

    private static void assertClose(float[] actual, SafetensorsFile answers, String name) {
        assertThat(TestModels.difference(actual, read(answers, name)))
                .describedAs(name)
                .isLessThan(LOGITS);
    }

    private static float[] read(SafetensorsFile file, String name) {
        try (Scope scope = Scope.open()) {
            return Tensors.toFloats(file.read(name, Precision.FLOAT32));
        }
    }
}
