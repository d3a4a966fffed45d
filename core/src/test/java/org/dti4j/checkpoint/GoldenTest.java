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
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.model.Attention;
import org.dti4j.model.DenseAttention;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.model.TestModels;
import org.dti4j.model.Weights;
import org.dti4j.model.WindowedAttention;
import org.dti4j.score.Scorer;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.train.LlamaLearner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * docs/method.md section 7, invariants 1 and 2: every architecture and method of the golden folder, through the definition and through the
 * fast attention; logits, probabilities, loss, and the gradient of every adapter parameter. The folder is that of the system
 * property {@code dti.golden}, so that vectors of another seed or architecture can be tried.
 */
class GoldenTest {
    private static final double LOGITS = 1e-4;
    private static final double GRADIENTS = 1e-3;
    private static final double SCALE = 2; // the adapters' lora_alpha / r, 8 / 4
    private static final String PEFT = "base_model.model.";
    private static final String SUM_ROW = "model.embed_tokens.token_adapter.trainable_tokens_delta";
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
        check(architecture, DenseAttention::new);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void windowedAttentionEqualsTheReference(Path architecture) {
        check(architecture, WindowedAttention::new);
    }

    private static void check(Path architecture, Attention.Factory attentions) {
        JsonNode cases = JsonMapper.shared().readTree(architecture.resolve("cases.json"));
        try (SafetensorsFile answers = SafetensorsFile.open(architecture.resolve("answers.safetensors"));
                Weights weights = HuggingFaceCheckpoint.open(architecture.resolve("base"))) {
            assertThat(cases.isEmpty()).isFalse();
            for (JsonNode each : cases) {
                GoldenCase golden = GoldenCase.of(each);
                checkBase(golden, weights, attentions, answers);
                checkAdapter(golden, weights, attentions, answers, architecture.resolve("adapter"));
            }
        }
    }

    private static void checkBase(
            GoldenCase golden, Weights weights, Attention.Factory attentions, SafetensorsFile answers) {
        try (Llama model = Llama.load(weights, Placement.CPU_FLOAT32, LinearMap.Factory.PLAIN, attentions)) {
            assertClose(TestModels.logits(model, layout(golden)), answers, golden.name() + "/base_logits");
        }
    }

    private static void checkAdapter(
            GoldenCase golden, Weights weights, Attention.Factory attentions, SafetensorsFile answers, Path folder) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("adapter_model.safetensors"));
                Lora lora = Lora.from(source(file), 0, Placement.CPU_FLOAT32);
                Llama model = Llama.load(weights, Placement.CPU_FLOAT32, lora, attentions);
                Tensor sumRow =
                        file.read(PEFT + SUM_ROW, Precision.FLOAT32).clone().set_requires_grad(true)) {
            model.trainRows(new Llama.TrainedRows(
                    new Llama.TrainedRows.Ids(golden.vocabulary().sum()), sumRow));
            float[] logits = TestModels.logits(model, layout(golden));
            assertClose(logits, answers, golden.name() + "/adapter_logits");
            if (answers.names().contains(golden.name() + "/transformers_peft_logits")) {
                assertClose(logits, answers, golden.name() + "/transformers_peft_logits");
            }
            checkProbabilities(golden, model, answers);
            SortedMap<String, Tensor> parameters = new TreeMap<>(lora.parameters());
            parameters.put(SUM_ROW, sumRow);
            checkGradients(golden, model, parameters, answers);
        }
    }

    private static void checkProbabilities(GoldenCase golden, Llama model, SafetensorsFile answers) {
        double[] scored = new Scorer(model, golden.method(), golden.vocabulary(), 1).score(List.of(golden.prompt()));
        float[] probabilities = new float[scored.length];
        for (int target = 0; target < scored.length; target++) {
            probabilities[target] = (float) scored[target];
        }
        assertClose(probabilities, answers, golden.name() + "/adapter_probability");
    }

    private static void checkGradients(
            GoldenCase golden, Llama model, SortedMap<String, Tensor> parameters, SafetensorsFile answers) {
        LlamaLearner learner = new LlamaLearner(
                model,
                parameters,
                golden.method(),
                golden.vocabulary(),
                stream -> golden.prompt(),
                stream -> golden.prompt().tokens());
        int targets = golden.prompt().targets();
        double loss = learner.accumulate(List.of(new org.dti4j.prompt.Stream(0, 0, 0, 1)), targets) / targets;
        assertThat(loss).isCloseTo(read(answers, golden.name() + "/loss")[0], within(LOGITS));
        parameters.forEach((name, parameter) -> {
            float[] expected = read(answers, golden.name() + "/grad/" + name);
            float[] gradient = Tensors.toFloats(parameter.grad());
            assertThat(TestModels.difference(gradient, expected))
                    .describedAs("%s, gradient of %s", golden.name(), name)
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

    private static Layout layout(GoldenCase golden) {
        return Layout.of(
                List.of(golden.prompt()), golden.method(), golden.vocabulary().sum());
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
