package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Stream;
import org.junit.jupiter.api.Test;

final class TrainerTest {
    private static final ToySteps STEPS = new ToySteps(20, 10);

    /** Every reading is ten milliseconds after the one before, so a step takes ten. */
    private static LongSupplier tickingClock() {
        AtomicLong now = new AtomicLong();
        return () -> now.addAndGet(10_000_000);
    }

    private static Trainer trainer(TrainConfigBuilder config, Learner learner) {
        return new Trainer(config.build(), learner, STEPS, tickingClock());
    }

    @Test
    void lossFalls() {
        try (ToyLearner learner = new ToyLearner(1)) {
            double before = learner.meanLoss(STEPS.streams());
            Recorder recorder = new Recorder();
            TrainResult result = trainer(Configs.plain().epochs(20), learner)
                    .listener(recorder)
                    .train();
            assertThat(before).isGreaterThan(0.65);
            assertThat(learner.meanLoss(STEPS.streams())).isLessThan(0.25);
            assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
            assertThat(result.epochs()).isEqualTo(20);
            assertThat(result.best()).isNull();
            assertThat(recorder.steps).hasSize(400);
        }
    }

    @Test
    void theOptimiserForgetsAsFastAsTheConfigurationSays() {
        assertThat(losses(Configs.plain().beta2(0.5))).isNotEqualTo(losses(Configs.plain()));
    }

    private static double[] losses(TrainConfigBuilder config) {
        try (ToyLearner learner = new ToyLearner(1)) {
            Recorder recorder = new Recorder();
            trainer(config, learner).listener(recorder).train();
            return recorder.losses();
        }
    }

    @Test
    void reportsCountsRatesAndTimes() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Recorder recorder = new Recorder();
            TrainResult result =
                    trainer(Configs.plain(), learner).listener(recorder).train();
            StepReport last = recorder.steps.get(59);
            assertThat(last.step()).isEqualTo(60);
            assertThat(last.epoch()).isEqualTo(3);
            assertThat(last.targets()).isEqualTo(600).isEqualTo(result.targets());
            assertThat(last.tokens()).isEqualTo(600 / 5 * 8 * 5);
            assertThat(last.targetsPerSecond()).isCloseTo(1000, within(1e-6));
            assertThat(last.seconds()).isCloseTo(0.6, within(1e-9)).isEqualTo(result.seconds());
            assertThat(result.msPerTarget()).isCloseTo(1, within(1e-9));
            assertThat(result.tokensPerSecond()).isCloseTo(8000, within(1e-6));
        }
    }

    @Test
    void firstReportedLossIsTheMeanOverTheStepsTargetsBeforeItsUpdate() {
        try (ToyLearner learner = new ToyLearner(1)) {
            List<Stream> first = STEPS.epoch(0, 0).next().microBatches().stream()
                    .flatMap(List::stream)
                    .toList();
            double expected = learner.meanLoss(first);
            Recorder recorder = new Recorder();
            trainer(Configs.plain(), learner).listener(recorder).train();
            assertThat(recorder.losses()[0]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void anySplitIntoMicroBatchesGivesTheSameGradientAndWeights() {
        List<float[]> gradients = new ArrayList<>();
        List<float[]> weights = new ArrayList<>();
        for (int size : new int[] {1, 2, 3, 8}) {
            try (ToyLearner learner = new ToyLearner(1)) {
                StepSource split = oneStepIn(size);
                new Trainer(Configs.plain().epochs(1).build(), learner, split, tickingClock()).train();
                gradients.add(learner.gradients());
                new Trainer(Configs.plain().epochs(30).build(), learner, split, tickingClock()).train();
                weights.add(learner.weights());
            }
        }
        for (int i = 1; i < gradients.size(); i++) {
            assertThat(gradients.get(i)).containsExactly(gradients.get(0), within(1e-7f));
            assertThat(weights.get(i)).containsExactly(weights.get(0), within(2e-4f));
        }
    }

    private static StepSource oneStepIn(int microBatchSize) {
        List<Stream> streams = new ToySteps(1, 40).streams();
        List<List<Stream>> microBatches = new ArrayList<>();
        for (int i = 0; i < streams.size(); i += microBatchSize) {
            microBatches.add(streams.subList(i, Math.min(streams.size(), i + microBatchSize)));
        }
        return new StepSource() {
            @Override
            public long targetsPerEpoch() {
                return 40;
            }

            @Override
            public Iterator<Step> epoch(int epoch, long from) {
                return List.of(new Step(microBatches)).listIterator((int) from);
            }
        };
    }

    @Test
    void maxTargetsIsMetExactlyWithinAStreamIfNeedBe() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Recorder recorder = new Recorder();
            TrainResult result = trainer(Configs.plain().maxTargets(213), learner)
                    .listener(recorder)
                    .train();
            assertThat(result.targets()).isEqualTo(213);
            assertThat(result.stopReason()).isEqualTo(StopReason.MAX_TARGETS);
            assertThat(recorder.steps).hasSize(22);
            assertThat(recorder.steps.get(21).targets() - recorder.steps.get(20).targets())
                    .isEqualTo(3);
        }
    }

    @Test
    void maxSecondsEndsTheRunAtTheNearestStep() {
        try (ToyLearner learner = new ToyLearner(1)) {
            assertThat(trainer(Configs.plain().maxSeconds(0.254), learner)
                            .train()
                            .seconds())
                    .isCloseTo(0.25, within(1e-9));
            TrainResult result =
                    trainer(Configs.plain().maxSeconds(0.256), learner).train();
            assertThat(result.seconds()).isCloseTo(0.26, within(1e-9));
            assertThat(result.stopReason()).isEqualTo(StopReason.MAX_SECONDS);
        }
    }

    @Test
    void learningRateReachesItsEndWhenTimeEndsTheRun() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Recorder recorder = new Recorder();
            trainer(Configs.plain().maxSeconds(0.25).warmup(0.2), learner)
                    .listener(recorder)
                    .train();
            assertThat(recorder.steps).hasSize(25);
            assertThat(Arrays.stream(recorder.learningRates()).max()).hasValue(0.02);
            assertThat(recorder.learningRates()[24]).isLessThan(0.0005);
        }
    }

    @Test
    void validationTimeIsNotTrainingTime() {
        try (ToyLearner learner = new ToyLearner(1)) {
            AtomicLong now = new AtomicLong();
            TrainResult result = new Trainer(
                            Configs.plain().epochs(2).build(), learner, STEPS, () -> now.addAndGet(1_000_000))
                    .validation(at -> now.addAndGet(3_600_000_000_000L))
                    .train();
            assertThat(result.seconds()).isCloseTo(0.04, within(1e-9));
        }
    }

    @Test
    void clippingBoundsTheGradientThatIsAppliedAndReportsTheOneBefore() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Recorder recorder = new Recorder();
            trainer(Configs.plain().clip(1e-3).epochs(1), learner)
                    .listener(recorder)
                    .train();
            assertThat(norm(learner.gradients())).isCloseTo(1e-3, within(1e-8));
            assertThat(recorder.steps).allMatch(step -> step.gradientNorm() > 0.01);
        }
    }

    @Test
    void reportedNormIsThatOfTheWholeGradient() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Recorder recorder = new Recorder();
            trainer(Configs.plain().epochs(1), learner).listener(recorder).train();
            assertThat(recorder.steps.get(19).gradientNorm()).isCloseTo(norm(learner.gradients()), within(1e-7));
        }
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void notANumberStopsBeforeItReachesTheWeightsAndNamesStepAndStreams() {
        try (ToyLearner learner = new ToyLearner(1);
                ToyLearner sane = new ToyLearner(1)) {
            learner.poisonedFrom = 2 * 24 + 2; // second micro-batch of step 25, epoch 2
            Recorder recorder = new Recorder();
            int user = STEPS.epoch(1, 4).next().microBatches().get(1).get(0).user();
            assertThatThrownBy(() ->
                            trainer(Configs.plain(), learner).listener(recorder).train())
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("step 25 (epoch 2, after 240 targets): the loss is NaN")
                    .hasMessageContaining("user %d interactions 0 to 7, targets from 3;".formatted(user));
            assertThat(recorder.steps).hasSize(24);
            assertThat(recorder.diverged).singleElement().satisfies(diverged -> {
                assertThat(diverged.value()).isNaN();
                assertThat(diverged.streams().get(0).user()).isEqualTo(user);
            });
            trainer(Configs.plain(), sane).interruption(() -> sane.calls == 48).train();
            assertThat(learner.weights()).containsExactly(sane.weights());
        }
    }

    @Test
    void aRunWithoutTargetsIsTheUsersMistake() {
        try (ToyLearner learner = new ToyLearner(1)) {
            assertThatThrownBy(() ->
                            new Trainer(Configs.plain().build(), learner, new ToySteps(0, 10), tickingClock()).train())
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("no target to train on");
        }
    }
}
