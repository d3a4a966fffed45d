package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.method.Targets;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RandomWeights;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimate that decides whether a run is begun, against what a tape holds. */
class PassMemoryTest {
    private static final LlamaConfig SHAPE =
            new LlamaConfig(200, 64, 128, 4, 4, 2, 16, 1e-6, 10000, null, false, false, true);

    @ParameterizedTest
    @ValueSource(strings = {"sliding-window", "dti-minus", "dti", "dti-rope", "dti-isolated"})
    void whatATapeHoldsIsForeseen(String name) {
        Method method = Method.named(name);
        int targets = name.equals("sliding-window") ? 1 : 30;
        method = targets == 1 ? method : method.withTargets(new Targets(targets));
        RandomPrompts random = new RandomPrompts(1, SHAPE.vocabulary());
        Layout layout = Layout.of(
                List.of(random.prompt(20, targets), random.prompt(20, targets)), method, RandomPrompts.SUM_ID);
        AdapterConfig adapter = AdapterConfig.defaults();
        try (Scope scope = Scope.open();
                Lora lora = Lora.fresh(adapter, 1, Placement.CPU_FLOAT32);
                Llama model = Llama.load(new RandomWeights(SHAPE, 7), Placement.CPU_FLOAT32, lora);
                GradientSums sums = GradientSums.zeros(lora.parameters());
                Workspace workspace = new Workspace();
                Tape tape = Tape.training(sums, Dropout.NONE, workspace)) {
            new Engine(model, lora).pass(layout, tape).logits();
            long foreseen = new PassMemory(SHAPE, Precision.FLOAT32, adapter.rank()).tapeBytes(layout);
            assertThat(foreseen).isCloseTo(tape.bytes(), Percentage.withPercentage(5));
        }
    }
}
