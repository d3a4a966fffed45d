package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResumeTest {
    private static final ToySteps STEPS = new ToySteps(20, 10);

    @TempDir
    Path folder;

    private static Configs config() {
        return new Configs().epochs(3).warmup(0.1).clip(0.3);
    }

    private static Trainer trainer(Configs config, Learner learner, Recorder recorder) {
        return new Trainer(config.build(), learner, STEPS, System::nanoTime).listener(recorder);
    }

    /** Best after the first epoch, so that the best weights have to survive an interruption in the second. */
    private static double score(Position at) {
        return 1.0 / at.epochNumber();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Run(List<StepReport> steps, float[] weights, TrainResult result) {}

    private static Run unbroken(Configs config, boolean validated) {
        try (ToyLearner learner = new ToyLearner(3, true)) {
            Recorder recorder = new Recorder();
            Trainer trainer = trainer(config, learner, recorder);
            if (validated) {
                trainer.validation(ResumeTest::score);
            }
            TrainResult result = trainer.train();
            return new Run(recorder.steps, learner.weights(), result);
        }
    }

    private Run broken(Configs config, boolean validated, int... stopsAfter) {
        List<StepReport> steps = new ArrayList<>();
        for (int i = 0; ; i++) {
            // another seed: whatever the learner starts with has to be replaced
            try (ToyLearner learner = new ToyLearner(i == 0 ? 3 : 99, true)) {
                Recorder recorder = new Recorder();
                int stop = i < stopsAfter.length ? stopsAfter[i] : Integer.MAX_VALUE;
                int before = steps.size();
                Trainer trainer = trainer(config, learner, recorder)
                        .stateFolder(folder)
                        .interruption(() -> before + recorder.steps.size() >= stop);
                if (validated) {
                    trainer.validation(ResumeTest::score);
                }
                TrainResult result = i == 0 ? trainer.train() : trainer.resume().train();
                steps.addAll(recorder.steps);
                if (i == stopsAfter.length) {
                    return new Run(steps, learner.weights(), result);
                }
                assertThat(result.stopReason()).isEqualTo(StopReason.INTERRUPTED);
                assertThat(result.end().step()).isEqualTo(stop);
            }
        }
    }

    private static void expectSame(Run found, Run expected) {
        assertThat(found.steps).hasSameSizeAs(expected.steps);
        for (int i = 0; i < expected.steps.size(); i++) {
            StepReport a = found.steps.get(i);
            StepReport b = expected.steps.get(i);
            assertThat(List.of(
                            a.step(), a.epoch(), a.targets(), a.tokens(), a.loss(), a.learningRate(), a.gradientNorm()))
                    .isEqualTo(List.of(
                            b.step(),
                            b.epoch(),
                            b.targets(),
                            b.tokens(),
                            b.loss(),
                            b.learningRate(),
                            b.gradientNorm()));
        }
        assertThat(found.weights).containsExactly(expected.weights);
        assertThat(found.result.targets()).isEqualTo(expected.result.targets());
        assertThat(found.result.stopReason()).isEqualTo(expected.result.stopReason());
    }

    @Test
    void anInterruptedRunGoesOnToIdenticalNumbers() {
        expectSame(broken(config(), false, 7, 31, 32), unbroken(config(), false));
    }

    @Test
    void anInterruptionAtTheEndOfAnEpochLosesNoValidation() {
        Run expected = unbroken(config(), true);
        Run found = broken(config(), true, 20, 40);
        expectSame(found, expected);
        assertThat(found.result.best())
                .isNotNull()
                .satisfies(best -> assertThat(best.epoch()).isEqualTo(1));
    }

    @Test
    void bestWeightsSurviveAnInterruption() {
        expectSame(broken(config(), true, 25, 45), unbroken(config(), true));
    }

    @Test
    void aValidationThatWasBrokenOffIsMadeAgain() {
        try (ToyLearner learner = new ToyLearner(3, true)) {
            AtomicBoolean interrupted = new AtomicBoolean();
            TrainResult result = trainer(config(), learner, new Recorder())
                    .stateFolder(folder)
                    .interruption(interrupted::get)
                    .validation(at -> {
                        interrupted.set(at.epochNumber() == 3);
                        return interrupted.get() ? Double.NaN : score(at);
                    })
                    .train();
            assertThat(result.stopReason()).isEqualTo(StopReason.INTERRUPTED);
        }
        try (ToyLearner learner = new ToyLearner(99, true)) {
            Recorder recorder = new Recorder();
            trainer(config(), learner, recorder)
                    .stateFolder(folder)
                    .validation(ResumeTest::score)
                    .resume()
                    .train();
            assertThat(recorder.steps).isEmpty();
            assertThat(recorder.validations).hasSize(1);
            assertThat(learner.weights()).containsExactly(unbroken(config(), true).weights);
        }
    }

    @Test
    void patienceCountsOnAfterAnInterruption() {
        Configs config = config().epochs(6).patience(2);
        Run found = broken(config, true, 45);
        assertThat(found.result.stopReason()).isEqualTo(StopReason.PATIENCE);
        expectSame(found, unbroken(config, true));
    }

    @Test
    void aFinishedRunResumesToItsResult() {
        Run first = broken(config(), true);
        try (ToyLearner learner = new ToyLearner(99, true)) {
            Recorder recorder = new Recorder();
            TrainResult again = trainer(config(), learner, recorder)
                    .validation(ResumeTest::score)
                    .stateFolder(folder)
                    .resume()
                    .train();
            assertThat(recorder.steps).isEmpty();
            assertThat(recorder.validations).isEmpty();
            assertThat(learner.weights()).containsExactly(first.weights);
            assertThat(again.targets()).isEqualTo(600);
        }
    }

    @Test
    void resumingWithAnotherPlanIsTheUsersMistake() {
        broken(config(), false, 7);
        try (ToyLearner learner = new ToyLearner(3)) {
            Trainer other = new Trainer(config().build(), learner, new ToySteps(30, 10), System::nanoTime)
                    .stateFolder(folder)
                    .resume();
            assertThatThrownBy(other::train)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("must be 200, as in the run to resume");
        }
    }

    @Test
    void aStateOfAModelWithMoreParametersIsTheUsersMistake() {
        broken(config(), false, 7);
        try (ToyLearner learner = new ToyLearner(3);
                Tensor missing = learner.parameters().remove("output.bias")) {
            Trainer trainer = trainer(config(), learner, new Recorder())
                    .stateFolder(folder)
                    .resume();
            assertThatThrownBy(trainer::train)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("the state is of another model or adapter");
        }
    }

    @Test
    void nothingToResumeFromIsTheUsersMistake() {
        try (ToyLearner learner = new ToyLearner(3)) {
            Trainer trainer = trainer(config(), learner, new Recorder())
                    .stateFolder(folder)
                    .resume();
            assertThatThrownBy(trainer::train)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("holds no state to resume from");
        }
    }

    @Test
    void aDamagedStateIsToldInOneSentence() throws IOException {
        broken(config(), false, 7);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            }
        }
        try (ToyLearner learner = new ToyLearner(3)) {
            Trainer trainer = trainer(config(), learner, new Recorder())
                    .stateFolder(folder)
                    .resume();
            assertThatThrownBy(trainer::train).isInstanceOf(UserException.class);
        }
    }
}
