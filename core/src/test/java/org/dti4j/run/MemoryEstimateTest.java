package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Precision;
import org.junit.jupiter.api.Test;

/** Figures for known shapes, and how the estimate grows. */
class MemoryEstimateTest {
    /** 4 layers of width 64. */
    private static final LlamaConfig SHAPE =
            new LlamaConfig(500, 64, 128, 4, 4, 2, 16, 1e-6, 10000, null, false, false, true);

    private static Layout layout(String method, int prompts) {
        RandomPrompts random = new RandomPrompts(1, SHAPE.vocabulary());
        List<Prompt> batch = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            batch.add(random.prompt(5, method.equals("sliding-window") ? 1 : 20));
        }
        return Layout.of(batch, Method.named(method).withContext(5), RandomPrompts.SUM_ID);
    }

    private static MemoryEstimate training(LlamaConfig shape, Layout layout) {
        return MemoryEstimate.ofTraining(shape, Precision.FLOAT32, 0, layout, 1);
    }

    @Test
    void trainingAllWeightsKeepsEachFiveTimesInFloat32() {
        assertThat(MemoryEstimate.ofWeights(SHAPE, Precision.FLOAT32, 0).weights())
                .isEqualTo(SHAPE.parameters() * 20);
    }

    @Test
    void anAdapterKeepsTheFrozenWeightsOnceAndItselfFiveTimes() {
        long ofOneLayer = 64 + 64 + 2 * (64 + 32) + 64 + 64 + 3 * (64 + 128); // q, k and v, o, gate up down: in + out
        assertThat(MemoryEstimate.ofWeights(SHAPE, Precision.BFLOAT16, 8).weights())
                .isEqualTo(SHAPE.parameters() * 2 + 4 * 8 * ofOneLayer * 20);
    }

    @Test
    void logitsAndTheirLossCountFourTimesInFloat32() {
        Layout layout = layout("dti", 3);
        assertThat(training(SHAPE, layout).logits()).isEqualTo(60L * 500 * 4 * 4);
    }

    @Test
    void everyLayerButTheLastAddsAsMuch() {
        Layout layout = layout("dti", 3);
        long four = training(SHAPE, layout).activations();
        long five = training(TestModels.withLayers(SHAPE, 5), layout).activations();
        long six = training(TestModels.withLayers(SHAPE, 6), layout).activations();
        assertThat(six - five).isCloseTo(five - four, within(1L)).isPositive();
    }

    @Test
    void twoWorkersHoldTwoBatches() {
        Layout layout = layout("dti", 3);
        assertThat(MemoryEstimate.ofTraining(SHAPE, Precision.FLOAT32, 0, layout, 2)
                        .activations())
                .isEqualTo(2 * training(SHAPE, layout).activations());
    }

    @Test
    void twiceTheStreamsNeedAboutTwiceTheActivations() {
        for (String method : Method.NAMES) {
            double ratio = (double) training(SHAPE, layout(method, 40)).activations()
                    / training(SHAPE, layout(method, 20)).activations();
            assertThat(ratio).describedAs(method).isBetween(1.7, 2.3);
        }
    }

    @Test
    void theResetCostsMoreThanNone() {
        assertThat(training(SHAPE, layout("dti", 10)).activations())
                .isGreaterThan(training(SHAPE, layout("dti-rope", 10)).activations());
    }

    @Test
    void scoringNeedsLessThanTraining() {
        Layout layout = layout("dti", 10);
        assertThat(MemoryEstimate.ofScoring(SHAPE, Precision.FLOAT32, 0, layout, 1)
                        .total())
                .isLessThan(training(SHAPE, layout).total());
    }

    @Test
    void halfThePrecisionNeedsLittleMoreThanHalfTheActivations() {
        Layout layout = layout("dti", 10);
        double half = MemoryEstimate.ofTraining(SHAPE, Precision.BFLOAT16, 8, layout, 1)
                .activations();
        double single = MemoryEstimate.ofTraining(SHAPE, Precision.FLOAT32, 8, layout, 1)
                .activations();
        assertThat(half / single).isBetween(0.5, 0.7);
    }

    @Test
    void theSummaryNamesWhatIsNeededAndWhatThereIs() {
        MemoryEstimate estimate = new MemoryEstimate(1L << 30, 1L << 29, 1L << 29, 0);
        assertThat(estimate.summary(23L << 30)).isEqualTo("about 2.0 GiB of memory of 23.0 GiB");
        assertThat(estimate.summary(0)).isEqualTo("about 2.0 GiB of memory");
    }
}
