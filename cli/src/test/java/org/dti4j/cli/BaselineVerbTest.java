package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class BaselineVerbTest {
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    @Test
    void baselinesAreTrainedOnTheTargetsOfARunAndTheBestOnValidationIsTaken() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti, context: 4}
                train: {epochs: 1, validationTargets: 300, targetsPerStep: 200, minContext: 200}
                evaluate: {maxTargets: 300}
                """).toString();
        assertThat(terminal.run(
                        "baseline",
                        config,
                        "--model",
                        "logistic-regression,din",
                        "--width",
                        "4",
                        "--rate",
                        "0.0000001,0.01",
                        "--json"))
                .as(terminal.err())
                .isZero();
        JsonNode json = terminal.json();
        assertThat(json.at("/trained").propertyNames()).containsExactly("logistic-regression", "din");
        assertThat(json.at("/counted").propertyNames()).contains("item mean", "user mean");
        assertThat(json.at("/trained/din/test/targets").asInt()).isEqualTo(300);
        assertThat(json.at("/trained/din/width").asInt()).isEqualTo(4);
        assertThat(json.at("/trained/logistic-regression/rate").asDouble()).isEqualTo(0.01);
        assertThat(json.at("/trained/logistic-regression/test/auc").asDouble()).isGreaterThan(0.6);
    }

    @Test
    void unknownModelsAreAMistake() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), "").toString();
        assertThat(terminal.run("baseline", config, "--model", "dien")).isEqualTo(2);
        assertThat(terminal.err()).contains("must be some of [logistic-regression, din, dcn-v2, sim, sasrec]");
    }
}
