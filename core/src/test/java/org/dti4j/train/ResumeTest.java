package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static TrainConfigBuilder config() {
        return Configs.plain().epochs(3).warmup(0.1).clip(0.3);
    }

    private static Trainer trainer(TrainConfigBuilder config, Learner learner, Recorder recorder) {
        return new Trainer(config.build(), learner, STEPS, System::nanoTime).listener(recorder);
    }

    /** Best after the first epoch, so that the best weights have to survive an interruption in the second. */
    private static double score(Position at) {
        return 1.0 / at.epochNumber();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Run(List<StepReport> steps, float[] weights, TrainResult result) {}

    private static Run unbroken(TrainConfigBuilder config, boolean validated) {
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

    private Run broken(TrainConfigBuilder config, boolean validated, int... stopsAfter) {
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
                TrainResult result =
                        i == 0 ? trainer.train() : trainer.resume(saved()).train();
                steps.addAll(recorder.steps);
                if (i == stopsAfter.length) {
                    return new Run(steps, learner.weights(), result);
                }
                assertThat(result.stopReason()).isEqualTo(StopReason.INTERRUPTED);
                assertThat(result.end().step()).isEqualTo(stop);
            }
        }
    }

    private SavedState saved() {
        return SavedState.latest(
                        folder,
                        note -> assertThat(note).as("no state was passed over").isNull())
                .orElseThrow();
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
    void aRunThatRunsOutOfMemoryHasSavedItsStateAndGoesOnToIdenticalNumbers() {
        List<StepReport> steps = new ArrayList<>();
        try (ToyLearner learner = new ToyLearner(3, true)) {
            learner.starvedAt = 9;
            Recorder recorder = new Recorder();
            Trainer starving = trainer(config(), learner, recorder).stateFolder(folder);
            assertThatThrownBy(starving::train).isInstanceOf(OutOfMemoryError.class);
            steps.addAll(recorder.steps);
        }
        assertThat(saved().training().position().step()).isEqualTo(steps.size());
        try (ToyLearner learner = new ToyLearner(99, true)) {
            Recorder recorder = new Recorder();
            TrainResult result =
                    trainer(config(), learner, recorder).resume(saved()).train();
            steps.addAll(recorder.steps);
            expectSame(new Run(steps, learner.weights(), result), unbroken(config(), false));
        }
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
                    .resume(saved())
                    .train();
            assertThat(recorder.steps).isEmpty();
            assertThat(recorder.validations).hasSize(1);
            assertThat(learner.weights()).containsExactly(unbroken(config(), true).weights);
        }
    }

    @Test
    void patienceCountsOnAfterAnInterruption() {
        TrainConfigBuilder config = config().epochs(6).patience(2);
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
                    .resume(saved())
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
                    .resume(saved());
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
                    .resume(saved());
            assertThatThrownBy(trainer::train)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("the state is of another model or adapter");
        }
    }

    @Test
    void theLastTwoStatesAreKept() {
        broken(config().saveEvery(30), false, 20);
        assertThat(SavedState.numbered(folder)).hasSize(2);
        assertThat(saved().training().position().step())
                .as("the end is saved without a validation too")
                .isEqualTo(60);
    }

    @Test
    void aStateIsSavedEverySoManyTargetsAndGoneOnFrom() {
        TrainConfigBuilder config = config().saveEvery(30);
        try (ToyLearner learner = new ToyLearner(3, true)) {
            Trainer trainer = trainer(config, learner, new Recorder())
                    .stateFolder(folder)
                    .listener(new TrainListener() {
                        @Override
                        public void onStep(StepReport report) {
                            if (report.step() == 8) {
                                throw new IllegalStateException("killed");
                            }
                        }
                    });
            assertThatThrownBy(trainer::train).hasMessage("killed");
        }
        assertThat(saved().training().position().step()).isEqualTo(6);
        expectTheUnbrokenWeights();
    }

    private void expectTheUnbrokenWeights() {
        try (ToyLearner learner = new ToyLearner(99, true)) {
            trainer(config(), learner, new Recorder())
                    .stateFolder(folder)
                    .resume(saved())
                    .train();
            assertThat(learner.weights()).containsExactly(unbroken(config(), false).weights);
        }
    }

    @Test
    void aDamagedStateIsPassedOverAloudForTheOneBeforeIt() throws IOException {
        interruptAfter(7);
        interruptAfter(14);
        for (Path file : filesOf(SavedState.numbered(folder).get(0))) {
            byte[] whole = Files.readAllBytes(file);
            for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), flipped(whole), new byte[0])) {
                Files.write(file, damaged);
                List<String> notes = new ArrayList<>();
                SavedState found = SavedState.latest(folder, notes::add).orElseThrow();
                assertThat(found.training().position().step()).isEqualTo(7);
                assertThat(notes)
                        .singleElement()
                        .asString()
                        .contains("000002: is damaged", "going on from the state before it, after step 7");
            }
            Files.write(file, whole);
        }
        assertThat(saved().training().position().step()).isEqualTo(14);
    }

    @Test
    void aRunThatPassedADamagedStateOverDeletesItAndEndsInTheSameWeights() throws IOException {
        interruptAfter(7);
        interruptAfter(14);
        Files.delete(SavedState.numbered(folder).get(0).resolve(SavedState.TENSORS));
        interruptAfter(20);
        assertThat(SavedState.numbered(folder))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("000003", "000001");
        expectTheUnbrokenWeights();
    }

    @Test
    void aHalfWrittenStateOfAKilledRunIsNeitherAStateNorDamage() throws IOException {
        interruptAfter(7);
        Path partial = Files.createDirectory(folder.resolve("partial"));
        Files.writeString(partial.resolve("tensors.safetensors.partial"), "half");
        assertThat(saved().training().position().step()).isEqualTo(7);
        interruptAfter(14);
        assertThat(partial).doesNotExist();
    }

    @Test
    void aFolderWhoseStatesAreAllDamagedIsTheUsersToDecideOn() throws IOException {
        interruptAfter(7);
        interruptAfter(14);
        for (Path state : SavedState.numbered(folder)) {
            Files.delete(state.resolve(SavedState.CHECKSUMS));
        }
        assertThatThrownBy(this::saved)
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("000001: is damaged", "000002: is damaged", "start the run anew");
    }

    @Test
    void aFolderWithoutStatesHoldsNone() {
        assertThat(SavedState.latest(folder, note -> {})).isEmpty();
        assertThat(SavedState.latest(folder.resolve("none"), note -> {})).isEmpty();
    }

    /** Begins the run, or goes on with it, until it is interrupted. */
    private void interruptAfter(int step) {
        boolean first = SavedState.numbered(folder).isEmpty();
        try (ToyLearner learner = new ToyLearner(first ? 3 : 99, true)) {
            Recorder recorder = new Recorder();
            Trainer trainer = trainer(config(), learner, recorder)
                    .stateFolder(folder)
                    .interruption(() -> !recorder.steps.isEmpty()
                            && recorder.steps.get(recorder.steps.size() - 1).step() >= step);
            if (!first) {
                trainer.resume(SavedState.latest(folder, note -> {}).orElseThrow());
            }
            trainer.train();
        }
    }

    private static List<Path> filesOf(Path state) throws IOException {
        try (var files = Files.list(state)) {
            return files.toList();
        }
    }

    /** One bit in the middle. */
    private static byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[changed.length / 2] ^= 1;
        return changed;
    }
}
