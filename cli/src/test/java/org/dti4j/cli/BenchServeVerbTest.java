package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server as a process of its own under seconds of load and of faults. */
final class BenchServeVerbTest {
    @TempDir
    private static Path folder;

    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void train() throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti-isolated, context: 4}
                train: {maxTargets: 40, targetsPerStep: 20, validationTargets: 20}
                evaluate: {maxTargets: 20}
                out: run
                """);
        Terminal terminal = new Terminal();
        assertThat(terminal.run("train", config.toString())).as(terminal.err()).isZero();
    }

    @Test
    void brokenSlowGoneAndTooManyClientsGetNoWrongAnswerAndDoNotStopTheOthers() {
        assertThat(terminal.run(
                        "bench",
                        "serve",
                        folder.resolve("run").toString(),
                        "--seconds",
                        "1",
                        "--overload",
                        "2",
                        "--faults",
                        "--json"))
                .as(terminal.err())
                .isZero();
        JsonNode report = terminal.json();
        for (JsonNode row : report.path("rows")) {
            assertThat(row.at("/load/perSecond").asDouble()).isPositive();
            assertThat(row.at("/load/wrong").asLong()).isZero();
            assertThat(row.at("/load/statuses").propertyNames()).containsExactly("200");
        }
        JsonNode faults = report.path("faults");
        assertThat(faults.path("malformed").propertyNames()).isNotEmpty().allMatch(status -> status.startsWith("4"));
        for (String kind : new String[] {"besideSlow", "afterAborted", "overload"}) {
            assertThat(faults.path(kind).path("wrong").asLong()).as(kind).isZero();
            assertThat(faults.path(kind).path("perSecond").asDouble()).as(kind).isPositive();
            assertThat(faults.path(kind).path("statuses").propertyNames())
                    .as(kind)
                    .isSubsetOf("200", "429", "503");
        }
        assertThat(faults.path("residentAfter").asLong()).isPositive();
    }
}
