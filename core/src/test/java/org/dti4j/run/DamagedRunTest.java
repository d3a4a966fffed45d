package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.problem.UserException;
import org.dti4j.train.StepLog;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run folder whose texts were damaged is the user's to look at, file and line named, not a fault. */
final class DamagedRunTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "{}", "[]", "{\"validation\": null, \"train\": 3}"})
    void isToldByFile(String damaged) throws IOException {
        RunFiles files = new RunFiles(folder);
        Files.writeString(files.metrics(), damaged);
        Files.writeString(files.provenance(), damaged);
        Files.writeString(files.validations(), damaged + "\n");
        Files.writeString(files.scoring(), damaged);
        Files.writeString(files.items(), "");
        Files.writeString(folder.resolve("steps.jsonl"), (damaged.endsWith("}") ? "null" : damaged) + "\n{}\n");
        told("metrics.json: is not the metrics.json of a run: ", () -> RunMetrics.read(files));
        told("provenance.json: is not the provenance.json of a run: ", () -> Provenance.read(files));
        told("validation.jsonl:1: is not the validation.jsonl of a run: ", () -> ValidationLog.read(files));
        told("scoring.json: is damaged: ", () -> ScoringFiles.config(files));
        told("steps.jsonl:1: is not a line of this log: ", () -> StepLog.readSteps(folder));
    }

    private void told(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOf(UserException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith(folder.resolve(message).toString())
                        .doesNotContain("Exception"));
    }
}
