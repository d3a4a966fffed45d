package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepLogTest {
    @TempDir
    Path run;

    private static StepReport step(long step) {
        return new StepReport(step, 1, 10 * step, 400 * step, 0.5 / step, 1e-4, 0.3, 1000, 0.01 * step);
    }

    @Test
    void writesALineForEachStepThatCanBeReadWhileTheRunGoesOn() throws IOException {
        try (StepLog log = StepLog.create(run)) {
            log.onStep(step(1));
            log.onStep(step(2));
            assertThat(Files.readString(run.resolve("steps.jsonl")))
                    .startsWith(
                            "{\"step\":1,\"epoch\":1,\"targets\":10,\"tokens\":400,\"loss\":0.5,\"learningRate\":1.0E-4,"
                                    + "\"gradientNorm\":0.3,\"targetsPerSecond\":1000.0,\"seconds\":0.01}\n")
                    .hasLineCount(2);
            assertThat(StepLog.readSteps(run)).containsExactly(step(1), step(2));
        }
    }

    @Test
    void aNewRunStartsAnewAndAResumedOneDropsWhatCameAfterItsState() {
        try (StepLog log = StepLog.create(run)) {
            for (int i = 1; i <= 5; i++) {
                log.onStep(step(i));
            }
        }
        try (StepLog log = StepLog.resume(run, 3)) {
            log.onStep(step(4));
        }
        assertThat(StepLog.readSteps(run)).containsExactly(step(1), step(2), step(3), step(4));
        StepLog.create(run).close();
        assertThat(StepLog.readSteps(run)).isEmpty();
    }

    @Test
    void aTornLastLineIsSkippedAndADamagedOneInTheMiddleIsNot() throws IOException {
        try (StepLog log = StepLog.create(run)) {
            log.onStep(step(1));
        }
        Path file = run.resolve("steps.jsonl");
        Files.writeString(file, "{\"step\":2,\"epo", StandardOpenOption.APPEND);
        assertThat(StepLog.readSteps(run)).containsExactly(step(1));
        Files.writeString(file, "\n{\"step\":3}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> StepLog.readSteps(run))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("steps.jsonl:2");
    }

    @Test
    void aRunWithoutALogHasNoSteps() {
        assertThat(StepLog.readSteps(run)).isEmpty();
    }
}
