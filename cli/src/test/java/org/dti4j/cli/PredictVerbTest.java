package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that score with a finished run. */
final class PredictVerbTest {
    @TempDir
    private static Path folder;

    private static Path run;
    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void train() throws IOException {
        run = folder.resolve("run");
        String yaml = """
                method: {name: dti-isolated, context: 4}
                train: {maxTargets: 40, targetsPerStep: 20, validationTargets: 20}
                evaluate: {maxTargets: 20}
                out: run
                """;
        Path config = Files.writeString(folder.resolve("run.yaml"), yaml);
        Terminal terminal = new Terminal();
        assertThat(terminal.run("train", config.toString())).as(terminal.err()).isZero();
    }

    private Path input() throws IOException {
        return Files.writeString(folder.resolve("in.csv"), """
                item,history,place
                1,"[{""item"": ""2"", ""liked"": true}]",first
                2,[],second
                nothing,[],third
                """);
    }

    @Test
    void rowsAreScoredAndThoseThatCannotBeAreTold() throws IOException {
        Path output = folder.resolve("out.csv");
        String[] command = {
            "predict", run.toString(), "--input", input().toString(), "--output", output.toString(), "--json"
        };
        assertThat(terminal.run(command)).as("a bad row, and none is allowed").isEqualTo(2);
        assertThat(terminal.err()).contains("row 3: item = nothing is not in the run's catalogue");
        assertThat(terminal.json().path("bad").asInt()).isEqualTo(1);
        assertThat(Files.readAllLines(output)).hasSize(4).first().isEqualTo("item,history,place,probability");
        assertThat(Files.readAllLines(output).get(3)).isEqualTo("nothing,[],third,");
        assertThat(terminal.run(
                        "predict",
                        run.toString(),
                        "--input",
                        input().toString(),
                        "--output",
                        output.toString(),
                        "--bad-rows",
                        "0.5"))
                .isZero();
        assertThat(terminal.out()).contains("3 rows, 1 of them without a probability");
    }

    @Test
    void whereItIsScoredMayBeAnotherMachineButNotHow() throws IOException {
        String output = folder.resolve("elsewhere.csv").toString();
        String[] command = {
            "predict", run.toString(), "--input", input().toString(), "--output", output, "--bad-rows", "0.5", "--set"
        };
        assertThat(terminal.run(with(command, "model.threads=1")))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.run(with(command, "model.device=gpu"))).isEqualTo(2);
        assertThat(terminal.err()).contains("model.device = gpu");
        assertThat(terminal.run(with(command, "method.context=2"))).isEqualTo(2);
        assertThat(terminal.err())
                .contains("--set method.context=2: must be a key of model: a run is scored as it was trained");
    }

    private static String[] with(String[] command, String more) {
        String[] all = Arrays.copyOf(command, command.length + 1);
        all[command.length] = more;
        return all;
    }

    /** What an earlier version left: no scoring.json, no items.parquet. */
    @Test
    void aRunOfAnEarlierVersionTakesTheCatalogueFromItsPreparedData() throws IOException {
        Path now = folder.resolve("now.csv");
        Path then = folder.resolve("then.csv");
        terminal.run("predict", run.toString(), "--input", input().toString(), "--output", now.toString());
        Path scoring = Files.move(run.resolve("scoring.json"), folder.resolve("scoring.json"));
        Path items = Files.move(run.resolve("items.parquet"), folder.resolve("items.parquet"));
        terminal.run("predict", run.toString(), "--input", input().toString(), "--output", then.toString());
        Files.move(scoring, run.resolve("scoring.json"));
        Files.move(items, run.resolve("items.parquet"));
        assertThat(then).hasSameTextualContentAs(now);
    }

    @Test
    void usersOfThePreparedDataAreScoredByTheirIds() throws IOException {
        Path input = Files.writeString(folder.resolve("users.csv"), "user,item\n1,1\n0,1\n");
        Path output = folder.resolve("users.jsonl");
        assertThat(terminal.run("predict", run.toString(), "--input", input.toString(), "--output", output.toString()))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("row 2: user = 0 is not in the run's prepared data");
        assertThat(Files.readAllLines(output).get(0)).startsWith("{\"user\":\"1\",\"item\":\"1\",\"probability\":0.");
    }

    @Test
    void whatIsNoRunIsAMistake() throws IOException {
        assertThat(terminal.run(
                        "predict",
                        folder.resolve("none").toString(),
                        "--input",
                        input().toString(),
                        "--output",
                        "x.csv"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("no such folder, must be the folder of a run");
        assertThat(terminal.run("serve", run.toString(), "--host", "0.0.0.0")).isEqualTo(2);
        assertThat(terminal.err()).contains("must be a loopback address");
    }

    @Test
    void aRunIsServedUntilItIsStopped() throws Exception {
        Thread serving = new Thread(() -> terminal.run("serve", run.toString(), "--port", "0"));
        serving.start();
        while (!terminal.err().contains("answers at")) {
            Thread.sleep(20);
        }
        String address = terminal.err().replaceAll("(?s).*answers at (\\S+).*", "$1");
        var answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address + "readyz")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        serving.interrupt();
        serving.join();
    }
}
