package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.run.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every configuration of the project, and what can be said of it without running it. */
final class ConfigsTest {
    private static final Path ROOT = Path.of(System.getProperty("dti.root"));

    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    static Stream<Path> configs() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("configs"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void everyConfigurationIsReadAndCounted(Path file) {
        RunConfig config = RunConfigs.read(file, List.of(), ROOT);
        String name = String.valueOf(file.getFileName());
        if (!name.equals("quickstart.yaml")) {
            assertThat(config.out()).isEqualTo(ROOT.resolve("runs").resolve(name.replace(".yaml", "")));
        }
        String prepared = "prepared=" + folder.resolve("prepared");
        assertThat(terminal.run("train", file.toString(), "--dry-run", "--json", "--set", prepared))
                .as(terminal.err())
                .isZero();
        JsonNode counted = terminal.json();
        assertThat(counted.at("/targets").asLong()).isPositive();
        assertThat(counted.at("/trained").asLong()).isPositive();
        assertThat(counted.at("/exact").asDouble()).isPositive();
        boolean complete = Files.exists(config.data().interactions())
                && (config.model().name().equals("nano")
                        || Files.exists(Path.of(config.model().name())));
        assertThat(counted.at("/assumed").isEmpty()).isEqualTo(complete);
    }

    @Test
    void aDryRunCountsTheStreamsThatTheRunWouldTrainOnAndMakesNoRun() throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), """
                method: {name: dti, context: 10, targets: 20}
                train: {epochs: 3}
                out: run
                """);
        assertThat(terminal.run("train", file.toString(), "--dry-run", "--json"))
                .as(terminal.err())
                .isZero();
        JsonNode dti = terminal.json();
        assertThat(dti.at("/trained").asLong()).isEqualTo(3 * dti.at("/targets").asLong());
        assertThat(folder.resolve("run")).doesNotExist();
        assertThat(terminal.run(
                        "train",
                        file.toString(),
                        "--dry-run",
                        "--json",
                        "--set",
                        "method=sliding-window",
                        "--set",
                        "method.context=10",
                        "--set",
                        "train.maxTargets=500"))
                .isZero();
        JsonNode sliding = terminal.json();
        assertThat(sliding.at("/targets")).isEqualTo(dti.at("/targets")); // the same targets in every layout
        assertThat(sliding.at("/prompts")).isEqualTo(sliding.at("/targets"));
        assertThat(sliding.at("/trained").asLong()).isEqualTo(500);
        double reduction = sliding.at("/tokens").asDouble() / dti.at("/tokens").asDouble();
        assertThat(reduction).isBetween(5.0, 8.0); // k·(n + 1)/(n + k) = 7 without tails
        // a run that is bounded trains on as many targets as it says
        assertThat(terminal.run(
                        "train",
                        file.toString(),
                        "--json",
                        "--set",
                        "train.maxTargets=60",
                        "--set",
                        "train.targetsPerStep=20",
                        "--set",
                        "train.validationTargets=5",
                        "--set",
                        "evaluate.maxTargets=5"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.json().at("/train/targets").asLong()).isEqualTo(60);
    }

    @Test
    void whatIsAssumedIsSaidAndCanBeSet() throws IOException {
        Path file = Files.writeString(folder.resolve("absent.yaml"), """
                data: {format: amazon-2018, interactions: none.json, items: none-either.json}
                method: {name: dti, context: 20, targets: 50}
                model: Llama-3.1-8B
                """);
        assertThat(terminal.run(
                        "train",
                        file.toString(),
                        "--dry-run",
                        "--assume",
                        "users=10",
                        "--assume",
                        "interactions=1500",
                        "--assume",
                        "tokens=30",
                        "--json"))
                .as(terminal.err())
                .isZero();
        JsonNode counted = terminal.json();
        assertThat(counted.at("/targets").asLong()).isEqualTo(10 * (120 - 20));
        assertThat(counted.at("/prompts").asLong()).isEqualTo(10 * 2);
        assertThat(counted.at("/tokensPerInteraction").asDouble()).isEqualTo(30);
        assertThat(counted.at("/assumed").toString())
                .contains("1,500 interactions of 10 users", "30 tokens", "Llama-3.1-8B");
        assertThat(counted.at("/memory").asLong()).isGreaterThan(16L << 30); // 8 billion weights of two bytes
        assertThat(terminal.run("train", file.toString(), "--dry-run", "--set", "model.name=other"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("model.name = other, must be nano", "Llama-3.1-8B, SmolLM2-135M");
        assertThat(terminal.run("train", file.toString(), "--dry-run", "--assume", "user=3"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("must be some of [interactions, tokens, users]");
        assertThat(terminal.run("train", file.toString(), "--dry-run", "--assume", "users=-5", "--assume", "tokens=0"))
                .isEqualTo(2);
        assertThat(terminal.err())
                .contains("--assume users=-5: must be 1 to 1,000,000,000,000", "--assume tokens=0: must be 1 to");
    }

    @Test
    void absurdNumbersAreCountedOrRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("absurd.yaml"), """
                data: {format: amazon-2018, interactions: none.json, items: none-either.json}
                train: {epochs: 1000000000}
                """);
        String most = "=1000000000000";
        String[] command = {"train", file.toString(), "--dry-run", "--assume", "interactions" + most, "--assume"};
        assertThat(terminal.run(with(command, "users=1", "--json")))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.json().at("/trained").asLong()).isPositive();
        assertThat(terminal.run(with(command, "tokens" + most))).isEqualTo(2);
        assertThat(terminal.err()).contains("tokens of one prompt");
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void eachThreadTrainsAMicroBatchInMemoryOfItsOwn() throws IOException {
        Path file = Files.writeString(folder.resolve("absent.yaml"), """
                data: {format: amazon-2018, interactions: none.json, items: none-either.json}
                model: SmolLM2-135M
                """);
        List<Long> bytes = new ArrayList<>();
        for (int threads = 1; threads <= 8; threads *= 2) {
            assertThat(terminal.run(
                            "train", file.toString(), "--dry-run", "--json", "--set", "model.threads=" + threads))
                    .as(terminal.err())
                    .isZero();
            bytes.add(terminal.json().at("/memory").asLong());
        }
        long ofOne = bytes.get(1) - bytes.get(0);
        assertThat(ofOne).isGreaterThan(1L << 29);
        // four streams of 50 targets make a step: there is nothing for more threads to do
        assertThat(bytes.get(3) - bytes.get(2)).isLessThan(ofOne / 10);
    }

    @Test
    void theDryRunOfAnExperimentCountsEveryRow() {
        assertThat(terminal.run(
                        "experiment",
                        "figure2",
                        "--dry-run",
                        "--json",
                        "--set",
                        "prepared=" + folder.resolve("prepared")))
                .as(terminal.err())
                .isZero();
        JsonNode counted = terminal.json();
        assertThat(counted.at("/runs").asInt()).isEqualTo(7 * 4);
        assertThat(counted.at("/rows")).hasSize(7);
        JsonNode sliding = counted.at("/rows/SW");
        counted.at("/rows").forEach(row -> {
            assertThat(row.at("/trained")).isEqualTo(sliding.at("/trained"));
            assertThat(row.at("/exact").asDouble())
                    .isLessThanOrEqualTo(sliding.at("/exact").asDouble());
        });
    }
}
