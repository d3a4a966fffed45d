package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.train.SavedState;
import org.dti4j.train.StopReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C after training, while the test targets are scored. */
final class InterruptedEvaluationTest {
    @TempDir
    private Path folder;

    @Test
    void anInterruptedFinalEvaluationIsMadeAgainWithoutMoreTraining() {
        Path out = folder.resolve("stopped");
        RunFiles files = new RunFiles(out);
        TrainingJob.Outcome stopped = TinyRun.job(out).run(false, () -> Files.exists(out.resolve("model")));
        assertThat(stopped.metrics()).isNull();
        assertThat(stopped.training().stopReason()).isEqualTo(StopReason.INTERRUPTED);
        assertThat(files.metrics()).doesNotExist();
        assertThat(SavedState.latest(files.state(), note -> {}))
                .hasValueSatisfying(state -> assertThat(state.training().position())
                        .isEqualTo(stopped.training().end()));

        TrainingJob.Outcome resumed = TinyRun.job(out).run(true, () -> false);
        assertThat(resumed.training().end()).isEqualTo(stopped.training().end());
        Path whole = folder.resolve("whole");
        TinyRun.job(whole).run(false, () -> false);
        assertThat(files.predictions()).hasSameBinaryContentAs(new RunFiles(whole).predictions());
        assertThat(files.metrics()).hasSameBinaryContentAs(new RunFiles(whole).metrics());
    }
}
