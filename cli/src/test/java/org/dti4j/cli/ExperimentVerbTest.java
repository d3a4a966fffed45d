package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.dti4j.cli.experiment.Cells;
import org.dti4j.cli.terminal.LiveTable;
import org.dti4j.run.RunFiles;
import org.dti4j.run.RunMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Grids of the smallest runs that there are. */
final class ExperimentVerbTest {
    private static final Path ROOT = Path.of(System.getProperty("dti.root"));

    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    private Path grid(String seeds, String rates) throws IOException {
        Files.writeString(folder.resolve("base.yaml"), """
                method: {context: 4, targets: 5}
                train: {maxTargets: 60, targetsPerStep: 20, validationTargets: 40, validateEvery: 40}
                evaluate: {maxTargets: 40}
                out: base
                """);
        return Files.writeString(folder.resolve("grid.yaml"), """
                title: A small grid
                base: base.yaml
                seeds: %s
                rates: %s
                paper: ml-1m
                rows:
                  sw: {name: SW, set: {method.name: sliding-window, method.targets: 1}}
                  dti: {name: DTI, set: {method.name: dti}}
                out: out
                """.formatted(seeds, rates));
    }

    private List<RunFiles> runs() throws IOException {
        try (Stream<Path> folders = Files.list(folder.resolve("out"))) {
            return folders.sorted()
                    .map(RunFiles::new)
                    .filter(files -> Files.exists(files.metrics()))
                    .toList();
        }
    }

    @Test
    void theRateIsChosenOnValidationAndFinishedCellsAreNotRunAgain() throws IOException {
        String file = grid("[1, 2]", "[0.0001, 0.01]").toString();
        assertThat(terminal.run("experiment", file, "--json"))
                .as(terminal.err())
                .isZero();
        JsonNode results = terminal.json().at("/results");
        assertThat(results.at("/cells").asInt()).isEqualTo(6);
        assertThat(results.at("/finished").asInt()).isEqualTo(6);
        assertThat(runs()).hasSize(6);
        for (int row = 0; row < 2; row++) {
            JsonNode each = results.at("/rows/" + row);
            String id = each.at("/id").asString();
            double slow = validation(id + "-rate1.0E-4-seed1");
            double fast = validation(id + "-rate0.01-seed1");
            assertThat(each.at("/rate").asDouble()).isEqualTo(fast > slow ? 0.01 : 0.0001);
            assertThat(each.at("/seeds")).hasSize(2);
        }
        assertThat(results.at("/comparisons/0/first").asString()).isEqualTo("dti");
        assertThat(results.at("/comparisons/0/second").asString()).isEqualTo("sw");
        assertThat(results.at("/comparisons/0/auc/low").asDouble())
                .isLessThan(results.at("/comparisons/0/auc/high").asDouble());
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("A small grid", "by the same search for every row", "a sample of 40")
                .doesNotContain("paper 0."); // which has n = 20
        assertThat(terminal.err()).contains("(6 of 6 runs)");

        FileTime old = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
        for (RunFiles run : runs()) {
            Files.setLastModifiedTime(run.metrics(), old);
        }
        assertThat(terminal.run("experiment", file)).as(terminal.err()).isZero();
        assertThat(terminal.err()).doesNotContain("Training");
        assertThat(terminal.out()).contains("SW", "DTI", "seed 2");
        for (RunFiles run : runs()) {
            assertThat(Files.getLastModifiedTime(run.metrics())).isEqualTo(old);
        }

        assertThat(terminal.run("experiment", file, "--set", "train.clip=2")).isEqualTo(2);
        assertThat(terminal.err())
                .contains("sw-rate0.01-seed1: was made with another configuration", "dti-rate0.01-seed1: was made")
                .doesNotContain("\tat ");
    }

    @Test
    void aRateThatDivergesIsOutAndTheGridGoesOn() throws IOException {
        String file = grid("[1, 2]", "[1.0e+30, 0.01]").toString();
        assertThat(terminal.run("experiment", file, "--json"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.err()).contains("diverged, so its learning rate is out");
        assertThat(terminal.json().at("/results/rows/0/rate").asDouble()).isEqualTo(0.01);
        assertThat(terminal.json().at("/results/rows/1/seeds")).hasSize(2);
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("DTI diverged at the learning rate 1.0E30, which is out.");
        assertThat(terminal.run("experiment", file)).as(terminal.err()).isZero();
        assertThat(terminal.err()).doesNotContain("Training");

        String none = grid("[1]", "[1.0e+30, 2.0e+30]").toString();
        assertThat(terminal.run("experiment", none)).isEqualTo(2);
        assertThat(terminal.err()).contains("training of sw diverged at each", "training of dti diverged at each");
    }

    @Test
    void runsThatTheGridHasNoPlaceForAreNotCounted() throws IOException {
        for (String rate : List.of("[0.001]", "[0.01]")) {
            assertThat(terminal.run("experiment", grid("[1, 2]", rate).toString()))
                    .as(terminal.err())
                    .isZero();
        }
        assertThat(terminal.run("experiment", grid("[1, 2]", "[0.001, 0.01]").toString(), "--json"))
                .as(terminal.err())
                .isZero();
        assertThat(runs()).hasSize(8); // one of a rate that is not chosen in each row
        assertThat(terminal.json().at("/results/cells").asInt()).isEqualTo(6);
        assertThat(terminal.json().at("/results/finished").asInt()).isEqualTo(6);
    }

    @Test
    void cellsOfOtherDataAreNotTakenAsFinished() throws IOException {
        String file = grid("[1]", "[0.01]").toString();
        assertThat(terminal.run("experiment", file)).as(terminal.err()).isZero();
        RunFiles run = runs().get(0);
        Files.writeString(
                run.provenance(),
                Files.readString(run.provenance()).replaceFirst("\"dataHash\" : \"..", "\"dataHash\" : \"zz"));
        assertThat(terminal.run("experiment", file)).isEqualTo(2);
        assertThat(terminal.err()).contains(run.folder() + ": was trained on data of hash zz");
    }

    private double validation(String run) {
        return RunMetrics.read(new RunFiles(folder.resolve("out").resolve(run)))
                .validation()
                .auc();
    }

    @Test
    void aStoppedExperimentGoesOnToTheSameResults() throws IOException {
        Path file = grid("[1]", "[0.01]");
        int stops = 0;
        boolean complete = false;
        while (!complete) {
            AtomicInteger asked = new AtomicInteger();
            complete = experiment(file, () -> asked.incrementAndGet() > 3).run();
            stops += complete ? 0 : 1;
        }
        assertThat(stops).isGreaterThanOrEqualTo(2);
        List<RunMetrics> broken = metrics();
        assertThat(terminal.run("experiment", file.toString())).isZero();
        assertThat(Files.readString(folder.resolve("out/report.html"))).contains("No learning rate was searched.");
        Files.move(folder.resolve("out"), folder.resolve("broken"));
        assertThat(experiment(file, () -> false).run()).isTrue();
        List<RunMetrics> whole = metrics();
        for (int run = 0; run < 2; run++) {
            assertThat(broken.get(run).test()).isEqualTo(whole.get(run).test());
            assertThat(broken.get(run).validation()).isEqualTo(whole.get(run).validation());
        }
    }

    private List<RunMetrics> metrics() throws IOException {
        return runs().stream().map(RunMetrics::read).toList();
    }

    private Experiment experiment(Path file, java.util.function.BooleanSupplier interruption) {
        return new Experiment(
                Cells.read(file, List.of(), ROOT), new LiveTable(terminal.console()), interruption, some -> {});
    }

    @Test
    void whatIsNoGridIsAMistake() {
        assertThat(terminal.run("experiment", "table9")).isEqualTo(2);
        assertThat(terminal.err())
                .contains(
                        "must be table1, table3, figure2, figure3, methods, equal-targets, defaults, or a grid in YAML");
    }
}
