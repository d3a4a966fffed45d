package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    void modelsAreComparedWithARunTargetByTargetAndTheirPredictionsKept() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti, context: 4}
                train: {epochs: 1, maxTargets: 400, validationTargets: 300, targetsPerStep: 200, minContext: 200}
                evaluate: {maxTargets: 300}
                """).toString();
        String run = folder.resolve("run").toString();
        Path predictions = folder.resolve("baselines");
        assertThat(terminal.run("train", config, "--set", "out=" + run))
                .as(terminal.err())
                .isZero();
        String[] command = {
            "baseline",
            config,
            "--set",
            "out=" + run,
            "--model",
            "din",
            "--width",
            "4",
            "--rate",
            "0.01",
            "--against",
            run
        };
        assertThat(terminal.run(with(command, "--output", predictions.toString(), "--json")))
                .as(terminal.err())
                .isZero();
        JsonNode din = terminal.json().at("/trained/din");
        JsonNode metrics = JsonMapper.shared().readTree(Files.readString(Path.of(run, "metrics.json")));
        assertThat(din.at("/difference/auc/difference").asDouble())
                .isCloseTo(
                        din.at("/test/auc").asDouble() - metrics.at("/test/auc").asDouble(), within(1e-9));
        assertThat(din.at("/difference/logLoss/difference").asDouble())
                .isCloseTo(
                        din.at("/test/logLoss").asDouble()
                                - metrics.at("/test/logLoss").asDouble(),
                        within(1e-9));
        assertThat(predictions.resolve("din.parquet")).isNotEmptyFile();

        assertThat(terminal.run(with(command, "--set", "evaluate.maxTargets=200")))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--against " + run, "300 test targets are others");
        assertThat(terminal.run(with(command, "--set", "data.labelThreshold=2")))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("300 test targets are others");
        assertThat(terminal.run(with(command, "--output", config))).isEqualTo(2);
        assertThat(terminal.err()).contains("--output " + config + ": is a file, must be a folder");
        Files.delete(Path.of(run, "predictions.parquet"));
        assertThat(terminal.run(command)).isEqualTo(2);
        assertThat(terminal.err())
                .contains("predictions.parquet: is not there, must be the predictions of a finished run");
    }

    @Test
    void modelsAreTestedOnWhatTheRunDraws() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti, context: 4}
                train: {epochs: 1, maxTargets: 400, validationTargets: 50, targetsPerStep: 200, minContext: 200}
                evaluate: {layout: stream, maxTargets: 200}
                """).toString();
        String run = folder.resolve("run").toString();
        assertThat(terminal.run("train", config, "--set", "out=" + run))
                .as(terminal.err())
                .isZero();
        String[] command = {"baseline", config, "--model", "logistic-regression", "--rate", "0.01"};
        assertThat(terminal.run(with(command, "--against", run, "--set", "out=" + run)))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.err()).contains("categories, part 1 of column genres");
    }

    @Test
    void theBestOfTheSearchIsTrainedWithOtherSeedsOnTheSameTargets() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti, context: 4}
                train: {epochs: 1, validationTargets: 50, targetsPerStep: 200, minContext: 200, seed: 2}
                evaluate: {maxTargets: 200}
                """).toString();
        String[] command = {"baseline", config, "--model", "din", "--width", "4", "--rate", "0.01", "--seeds", "1,2"};
        assertThat(terminal.run(with(command, "--json"))).as(terminal.err()).isZero();
        JsonNode din = terminal.json().at("/trained/din");
        double first = din.at("/seeds/1/auc").asDouble();
        double second = din.at("/seeds/2/auc").asDouble();
        assertThat(din.at("/seeds/1/targets").asInt()).isEqualTo(200);
        assertThat(second).isEqualTo(din.at("/test/auc").asDouble());
        assertThat(first).isNotEqualTo(second).isGreaterThan(0.5);

        assertThat(terminal.run(with(command, "--set", "train.seed=1", "--json")))
                .isZero();
        assertThat(terminal.json().at("/trained/din/test/auc").asDouble()).isEqualTo(first);

        assertThat(terminal.run(command)).isZero();
        assertThat(terminal.out())
                .contains("test AUC by seed")
                .contains(String.format(Locale.ROOT, "1: %.4f, 2: %.4f", first, second))
                .contains(String.format(Locale.ROOT, "%.4f", (first + second) / 2));
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void unknownModelsAreAMistake() throws IOException {
        String config = Files.writeString(folder.resolve("run.yaml"), "").toString();
        assertThat(terminal.run("baseline", config, "--model", "dien")).isEqualTo(2);
        assertThat(terminal.err())
                .contains("must be some of [logistic-regression, collaborative-filter, din, dcn-v2, sim, sasrec]");
    }
}
