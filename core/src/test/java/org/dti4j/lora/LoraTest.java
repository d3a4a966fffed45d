package org.dti4j.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.Checkpoints;
import org.dti4j.checkpoint.SafetensorsFile;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.TestModels;
import org.dti4j.model.Weights;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters: nothing at the start, all that is learnt afterwards, and PEFT's in name and scale. */
class LoraTest {
    private static final Method METHOD = Method.named("dti").withContext(3);

    static List<LlamaConfig> shapes() {
        return TestModels.SHAPES;
    }

    private static AdapterConfig config() {
        return AdapterConfig.defaults().with(lora -> lora.rank(4).alpha(8));
    }

    private static Lora fresh() {
        return Lora.fresh(config(), 1, Placement.CPU_FLOAT32);
    }

    private static Llama model(LlamaConfig shape, LinearMap.Factory maps) {
        return Llama.load(new RandomWeights(shape, 7), Placement.CPU_FLOAT32, maps);
    }

    private static Layout layout(LlamaConfig shape) {
        return Layout.of(List.of(new RandomPrompts(5, shape.vocabulary()).prompt(3, 6)), METHOD, RandomPrompts.SUM_ID);
    }

    /** Moves every B away from zero, as a step of training does. */
    private static void moveB(Lora lora) {
        TestAdapters.draw(lora.parameters().entrySet().stream()
                .filter(parameter -> parameter.getKey().endsWith(Lora.B))
                .map(Map.Entry::getValue)
                .toList());
    }

    private static void backward(Llama model, LlamaConfig shape) {
        try (Scope scope = Scope.open()) {
            model.logits(layout(shape)).square().sum().mul(new Scalar(0.5)).backward();
        }
    }

    private static boolean hasGradient(Tensor tensor) {
        return tensor.grad().defined() && TestModels.size(Tensors.toFloats(tensor.grad())) > 0;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void freshAdaptersChangeNothing(LlamaConfig shape) {
        try (Lora lora = fresh();
                Llama adapted = model(shape, lora);
                Llama plain = model(shape, LinearMap.Factory.PLAIN)) {
            assertThat(TestModels.logits(adapted, layout(shape)))
                    .containsExactly(TestModels.logits(plain, layout(shape)));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradientsFlowToAdaptersAndTrainedRowsOnly(LlamaConfig shape) {
        try (Scope scope = Scope.open();
                Lora lora = fresh();
                Llama model = model(shape, lora)) {
            moveB(lora);
            Tensor row = Placement.CPU_FLOAT32
                    .floats(new float[shape.width()], 1, shape.width())
                    .add(new Scalar(0.1))
                    .detach()
                    .set_requires_grad(true);
            model.trainRows(new Llama.TrainedRows(new Llama.TrainedRows.Ids(RandomPrompts.SUM_ID), row));
            backward(model, shape);
            assertThat(lora.parameters()).hasSize(2 * 7 * shape.layers());
            lora.parameters()
                    .forEach((name, parameter) ->
                            assertThat(hasGradient(parameter)).describedAs(name).isTrue());
            assertThat(hasGradient(row)).isTrue();
            model.weights()
                    .forEach((name, weight) -> assertThat(weight.grad().defined())
                            .describedAs(name)
                            .isFalse());
        }
    }

    @Test
    void theFirstStepMovesBAlone() {
        try (Lora lora = fresh();
                Llama model = model(TestModels.TINY, lora)) {
            backward(model, TestModels.TINY);
            lora.parameters()
                    .forEach((name, parameter) ->
                            assertThat(hasGradient(parameter)).describedAs(name).isEqualTo(name.endsWith(Lora.B)));
        }
    }

    @Test
    void anAdapterIsItsProductTimesAlphaOverRankAddedToTheWeight() {
        LlamaConfig shape = TestModels.TINY;
        try (Lora lora = fresh();
                Llama adapted = model(shape, lora);
                Llama merged = model(shape, LinearMap.Factory.PLAIN)) {
            moveB(lora);
            try (Scope scope = Scope.open();
                    NoGradGuard guard = new NoGradGuard()) {
                merged.weights().forEach((name, weight) -> {
                    String path = name.substring(0, name.length() - ".weight".length());
                    Tensor a = lora.parameters().get(path + Lora.A);
                    Tensor b = lora.parameters().get(path + Lora.B);
                    if (a != null && b != null) {
                        weight.add_(b.matmul(a), new Scalar(8.0 / 4));
                    }
                });
            }
            float[] expected = TestModels.logits(merged, layout(shape));
            assertThat(TestModels.difference(TestModels.logits(adapted, layout(shape)), expected))
                    .isLessThan(1e-5);
            try (Llama plain = model(shape, LinearMap.Factory.PLAIN)) {
                assertThat(TestModels.difference(TestModels.logits(plain, layout(shape)), expected))
                        .isGreaterThan(1e-3);
            }
        }
    }

    @Test
    void onlyTheModulesAskedForGetAdapters() {
        AdapterConfig two =
                AdapterConfig.defaults().with(lora -> lora.rank(4).alpha(8).modules(List.of("q_proj", "down_proj")));
        try (Lora lora = Lora.fresh(two, 1, Placement.CPU_FLOAT32);
                Llama model = model(TestModels.withLayers(TestModels.TINY, 1), lora)) {
            assertThat(lora.parameters().keySet())
                    .containsExactlyInAnyOrder(
                            "model.layers.0.self_attn.q_proj.lora_A.weight",
                            "model.layers.0.self_attn.q_proj.lora_B.weight",
                            "model.layers.0.mlp.down_proj.lora_A.weight",
                            "model.layers.0.mlp.down_proj.lora_B.weight");
        }
    }

    /** The folder was written by PEFT itself, with the ranks and shapes that this model is given. */
    @Test
    void namesAndShapesAreThoseOfPeft() {
        Path golden = Path.of(Objects.requireNonNull(System.getProperty("dti.root")), "golden", "llama");
        try (SafetensorsFile file =
                        SafetensorsFile.open(golden.resolve("adapter").resolve("adapter_model.safetensors"));
                Weights weights = Checkpoints.open(golden.resolve("base"));
                Lora lora = fresh();
                Llama model = Llama.load(weights, Placement.CPU_FLOAT32, lora)) {
            Map<String, String> ours = new TreeMap<>();
            lora.parameters()
                    .forEach((name, parameter) ->
                            ours.put("base_model.model." + name, Arrays.toString(Tensors.shape(parameter))));
            Map<String, String> theirs = new TreeMap<>();
            for (String name : file.names()) {
                if (name.contains("lora_")) {
                    try (Scope scope = Scope.open()) {
                        theirs.put(name, Arrays.toString(Tensors.shape(file.read(name, Precision.FLOAT32))));
                    }
                }
            }
            assertThat(ours).isEqualTo(theirs).isNotEmpty();
        }
    }

    @Test
    void equalSeedsDrawEqualAdapters() {
        try (Lora one = fresh();
                Lora other = fresh();
                Lora third = Lora.fresh(config(), 2, Placement.CPU_FLOAT32);
                Llama a = model(TestModels.TINY, one);
                Llama b = model(TestModels.TINY, other);
                Llama c = model(TestModels.TINY, third)) {
            String name = "model.layers.0.self_attn.q_proj.lora_A.weight";
            float[] drawn = floats(one, name);
            assertThat(drawn).containsExactly(floats(other, name)).isNotEqualTo(floats(third, name));
            assertThat(drawn).isNotEqualTo(floats(one, "model.layers.1.self_attn.q_proj.lora_A.weight"));
            assertThat(TestModels.size(drawn)).isBetween(0.9 / Math.sqrt(32), 1 / Math.sqrt(32));
        }
    }

    private static float[] floats(Lora lora, String name) {
        return Tensors.toFloats(Objects.requireNonNull(lora.parameters().get(name)));
    }
}
