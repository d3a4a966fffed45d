package org.dti4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.lora.TestAdapters;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.Llama;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.TestModels;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dropout of the adapters' inputs: for training only, a function of its seed, and the gradient is of what was drawn. */
class DropoutTest {
    private Lora lora;
    private Llama model;
    private Engine engine;

    @BeforeEach
    void open() {
        lora = Lora.fresh(AdapterConfig.defaults(), 1, Placement.CPU_FLOAT32);
        model = Llama.load(new RandomWeights(TestModels.TINY, 7), Placement.CPU_FLOAT32, lora);
        engine = new Engine(model, lora);
        TestAdapters.draw(lora.parameters().values());
    }

    @AfterEach
    void close() {
        model.close();
        lora.close();
    }

    private static Layout layout() {
        return Layout.of(
                List.of(new RandomPrompts(5, TestModels.TINY.vocabulary()).prompt(3, 6)),
                Method.named("dti").withContext(3),
                RandomPrompts.SUM_ID);
    }

    /** Half the sum of squared logits, and its gradient added to the sums. */
    private double loss(double share, long seed, GradientSums sums) {
        try (Scope scope = Scope.open();
                Workspace workspace = new Workspace();
                Tape tape = Tape.training(sums, Dropout.of(share, seed), workspace)) {
            Pass pass = engine.pass(layout(), tape);
            float[] logits = Tensors.toFloats(pass.logits());
            pass.backward(Placement.CPU_FLOAT32.floats(logits, layout().targets(), TestModels.TINY.vocabulary()));
            double sum = 0;
            for (float logit : logits) {
                sum += 0.5 * logit * logit;
            }
            return sum;
        }
    }

    @Test
    void equalSeedsDropTheSameAndOthersDoNot() {
        try (GradientSums sums = GradientSums.zeros(lora.parameters())) {
            double one = loss(0.5, 1, sums);
            assertThat(loss(0.5, 1, sums)).isEqualTo(one);
            assertThat(loss(0.5, 2, sums)).isNotEqualTo(one);
            assertThat(loss(0, 1, sums)).isNotEqualTo(one);
        }
    }

    @Test
    void scoringDropsNothing() {
        assertThat(TestEngines.logits(engine, layout())).containsExactly(TestEngines.logits(engine, layout()));
    }

    /**
     * By central differences. All adapters move, each number to where the gradient says that the loss grows: in any other direction what
     * they do cancels, until the rounding of float32 counts.
     */
    @Test
    void theGradientIsThatOfTheDrawnFunction() {
        double step = 1e-4;
        try (GradientSums sums = GradientSums.zeros(lora.parameters())) {
            loss(0.3, 9, sums);
            double expected = 0;
            SortedMap<String, float[]> gradients = floats(sums);
            for (float[] gradient : gradients.values()) {
                for (float each : gradient) {
                    expected += Math.abs(each);
                }
            }
            try (GradientSums unused = GradientSums.zeros(lora.parameters())) {
                move(gradients, step);
                double up = loss(0.3, 9, unused);
                move(gradients, -2 * step);
                double down = loss(0.3, 9, unused);
                assertThat((up - down) / (2 * step))
                        .isCloseTo(expected, org.assertj.core.data.Percentage.withPercentage(0.5));
            }
        }
    }

    private void move(SortedMap<String, float[]> gradients, double step) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            lora.parameters().forEach((name, parameter) -> {
                float[] gradient = java.util.Objects.requireNonNull(gradients.get(name));
                float[] steps = new float[gradient.length];
                for (int i = 0; i < steps.length; i++) {
                    steps[i] = (float) (gradient[i] < 0 ? -step : step);
                }
                parameter.add_(
                        Placement.CPU_FLOAT32.floats(steps, steps.length).view(parameter.size(0), parameter.size(1)));
            });
        }
    }

    private static SortedMap<String, float[]> floats(GradientSums sums) {
        SortedMap<String, float[]> all = new java.util.TreeMap<>();
        for (String name : sums.names()) {
            all.put(name, Tensors.toFloats(java.util.Objects.requireNonNull(sums.of(name))));
        }
        return all;
    }
}
