package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

final class ProgramTest {
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    static Stream<List<String>> verbs() {
        CommandLine root = new Terminal().program().commandLine();
        return root.getSubcommands().values().stream().flatMap(ProgramTest::leaves);
    }

    private static Stream<List<String>> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(List.of(command.getCommandSpec()
                        .qualifiedName()
                        .substring("dti ".length())
                        .split(" ")))
                : command.getSubcommands().values().stream().flatMap(ProgramTest::leaves);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void theHelpOfEveryVerbHasAnExampleOfIt(List<String> verb) {
        assertThat(terminal.run(
                        Stream.concat(verb.stream(), Stream.of("--help")).toArray(String[]::new)))
                .isZero();
        assertThat(terminal.out()).contains("Example:").contains("\n  dti " + String.join(" ", verb) + " ");
        assertThat(terminal.out()).contains("--json");
        assertThat(terminal.err()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void anUnknownOptionOfAnyVerbIsAMistake(List<String> verb) {
        assertThat(terminal.run(
                        Stream.concat(verb.stream(), Stream.of("--wrong")).toArray(String[]::new)))
                .isEqualTo(2);
        assertMistake("See dti " + String.join(" ", verb) + " --help");
    }

    @Test
    void versionGoesToStandardOutput() {
        assertThat(terminal.run("--version")).isZero();
        assertThat(terminal.out()).startsWith("dti4j ").doesNotContain("$").contains("Java");
    }

    @Test
    void noVerbAndAWrongVerbSayWhichThereAre() {
        assertThat(terminal.run()).isEqualTo(2);
        assertMistake("missing verb, must be one of");
        assertThat(terminal.run("fly")).isEqualTo(2);
        assertMistake("dti: fly is no verb, must be one of");
    }

    @Test
    void everyMissingOptionIsNamed() {
        assertThat(terminal.run("flops", "--targets", "3")).isEqualTo(2);
        assertMistake("needs a CONFIG", "--context", "--tokens-per-interaction");
        assertThat(terminal.run("flops", "x.yaml", "--targets", "3")).isEqualTo(2);
        assertMistake("not both");
        assertThat(terminal.run("flops", "x.yaml", "--layers", "3")).isEqualTo(2);
        assertMistake("takes a CONFIG or the numbers and the shape, not both");
        assertThat(terminal.run(
                        "flops",
                        "--context=20",
                        "--targets=50",
                        "--tokens-per-interaction=20",
                        "--set",
                        "method.targets=20"))
                .isEqualTo(2);
        assertMistake("--set method.targets=20 overrides a configuration, must come with a CONFIG");
    }

    @Test
    void impossibleNumbersAreAllTold() {
        assertThat(terminal.run("flops", "--context=0", "--targets=0", "--tokens-per-interaction=0"))
                .isEqualTo(2);
        assertMistake("flops.context = 0, must be >= 1", "flops.targets = 0, must be >= 1");
    }

    @Test
    void jsonIsTheLastLineOfStandardOutput() {
        assertThat(terminal.run("flops", "--context=20", "--targets=50", "--tokens-per-interaction=20", "--json"))
                .isZero();
        JsonNode json = terminal.json();
        assertThat(json.at("/reduction").asDouble()).isBetween(14.28, 14.29);
        assertThat(json.at("/methods/sliding-window/exactReduction").asDouble()).isEqualTo(1);
        assertThat(json.at("/methods/dti/exactReduction").asDouble()).isBetween(13.0, 14.5);
    }

    @Test
    void costsOfAConfigurationAreMeasuredOnItsData() throws IOException {
        String file =
                write("prepared: here\nmethod: {context: 10, targets: 30}").toString();
        assertThat(terminal.run("flops", file, "--set", "method.targets=20", "--json"))
                .isZero();
        JsonNode json = terminal.json();
        assertThat(json.at("/context").asInt()).isEqualTo(10);
        assertThat(json.at("/targets").asInt()).isEqualTo(20);
        assertThat(json.at("/tokensPerInteraction").asInt()).isBetween(5, 40);
        assertThat(json.at("/shape/width").asInt()).isBetween(16, 512);
        assertThat(terminal.run("flops", file, "--set", "method.targets=all")).isEqualTo(2);
        assertThat(terminal.err()).contains("method.targets = all, must be a number");
    }

    @Test
    void optionsThatAreNoNumbersAreToldAsThoseOfAConfigurationAre() {
        assertThat(terminal.run("baseline", "mine.yaml", "--seeds", "1,x")).isEqualTo(2);
        assertThat(terminal.err()).contains("'--seeds' (S): x, must be a whole number");
        assertThat(terminal.run("baseline", "mine.yaml", "--width", "1.5")).isEqualTo(2);
        assertThat(terminal.err()).contains("1.5, must be a whole number");
        assertThat(terminal.run("baseline", "mine.yaml", "--rate", "Infinity")).isEqualTo(2);
        assertThat(terminal.err()).contains("Infinity, must be a number");
        assertThat(terminal.run("baseline", "mine.yaml", "--rate", "fast")).isEqualTo(2);
        assertThat(terminal.err()).contains("fast, must be a number");
        assertThat(terminal.run("serve", "runs/mine", "--port", "http")).isEqualTo(2);
        assertThat(terminal.err()).contains("http, must be a whole number");
        assertThat(terminal.run(
                        "predict", "runs/mine", "--input", "rows.csv", "--output", "scored.csv", "--bad-rows", "few"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("few, must be a number");
    }

    @Test
    void aMissingConfigurationIsAMistake() {
        assertThat(terminal.run("prepare", "nowhere.yaml")).isEqualTo(2);
        assertMistake("nowhere.yaml: no such file");
    }

    @Test
    void mistakesInAConfigurationAreAllToldWithTheirLines() throws IOException {
        Path file = write("""
                data:
                  format: movielens-2m
                method:
                  context: 0
                  target: 3
                train: {learningRate: fast}
                """);
        assertThat(terminal.run("prepare", file.toString(), "--set", "train.epoch=3"))
                .isEqualTo(2);
        assertThat(terminal.err().lines())
                .containsExactly(
                        file
                                + ":2: data.format = movielens-2m, must be one of movielens-1m, movielens-csv, amazon-2018, table",
                        file + ":4: method.context = 0, must be >= 1",
                        file + ":5: method.target is not a key; did you mean method.targets?",
                        file + ":6: train.learningRate = fast, must be a number",
                        "--set train.epoch=3: train.epoch is not a key; did you mean train.epochs?");
    }

    @Test
    void logFilesThatAreNotThereAreAMistakeAndLeaveNothingBehind() throws IOException {
        Path file = write("""
                data: {interactions: none.csv, items: none-either.csv}
                prepared: here
                """);
        assertThat(terminal.run("prepare", file.toString())).isEqualTo(2);
        assertMistake(folder.resolve("none.csv").toString());
        assertThat(folder.resolve("here")).doesNotExist();
    }

    @Test
    void interactionsWithoutTheirItemsAreAMistakeNotOtherItems() throws IOException {
        assertThat(terminal.run(
                        "prepare", write("data: {interactions: mine.csv}").toString()))
                .isEqualTo(2);
        assertMistake("data.items", "must be given together with data.interactions");
    }

    @Test
    void preparingTheBundledDataGivesTheirStatistics() throws IOException {
        assertThat(terminal.run("prepare", write("prepared: here").toString(), "--json"))
                .isZero();
        JsonNode json = terminal.json();
        assertThat(json.at("/users").asInt()).isEqualTo(610);
        assertThat(folder.resolve("here/interactions.parquet")).exists();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), yaml);
    }

    private void assertMistake(String... parts) {
        assertThat(terminal.err()).contains(parts).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(terminal.out()).isEmpty();
    }
}
