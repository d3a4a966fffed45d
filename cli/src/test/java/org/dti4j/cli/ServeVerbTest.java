package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.dti4j.cli.load.LoadGenerator;
import org.dti4j.cli.load.ServerProcess;
import org.dti4j.progress.Progress;
import org.dti4j.run.ClickScorer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** dti serve as a process, and the signals that operators send it. */
final class ServeVerbTest {
    private static final long PATIENCE_MILLIS = 120_000;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void train() throws IOException {
        for (int seed : new int[] {1, 2}) {
            Path config = Files.writeString(folder.resolve("run%d.yaml".formatted(seed)), """
                    method: {name: dti-isolated, context: 4}
                    train: {maxTargets: 40, targetsPerStep: 20, validationTargets: 20, seed: %d}
                    evaluate: {maxTargets: 20}
                    out: run%d
                    """.formatted(seed, seed));
            Terminal terminal = new Terminal();
            assertThat(terminal.run("train", config.toString()))
                    .as(terminal.err())
                    .isZero();
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D") && !argument.contains("surefire"))
                .toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static double expected(Path run, String candidate) {
        try (ClickScorer scorer = ScoringRun.open(run, Progress.SILENT)) {
            return scorer.score(List.of(), List.of(candidate))[0];
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no such signal
    void aHangupOpensTheRunAnewAndDropsNoRequest() throws Exception {
        assumeThat(ignoresHangups())
                .as("nohup has processes ignore what this test sends")
                .isFalse();
        Path run = folder.resolve("served");
        copy(folder.resolve("run1"), run);
        String candidate;
        try (ClickScorer scorer = ScoringRun.open(run, Progress.SILENT)) {
            candidate = scorer.items().get(0).id();
        }
        double before = expected(folder.resolve("run1"), candidate);
        double after = expected(folder.resolve("run2"), candidate);
        assertThat(Math.abs(after - before)).isGreaterThan(1e-3);
        Path items = folder.resolve("items");
        try (ServerProcess server = ServerProcess.start(
                command(run.toString(), "--port", "0", "--catalogue", items.toString(), "--catalogue-size", "8MiB"),
                Map.of())) {
            LoadGenerator client = new LoadGenerator(server.address());
            String body = "{\"history\": [], \"candidates\": [\"%s\"]}".formatted(candidate);
            Queue<Double> answers = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Void>> clients = Stream.generate(
                            () -> CompletableFuture.runAsync(() -> askUntil(client, body, answers, after)))
                    .limit(3)
                    .toList();
            while (answers.size() < 20) {
                assertThat(clients).noneMatch(CompletableFuture::isCompletedExceptionally);
                Thread.sleep(10);
            }
            copy(folder.resolve("run2"), run);
            assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(server.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            clients.forEach(CompletableFuture::join); // fails if any request was not answered 200
            assertThat(answers).allMatch(answer -> near(answer, before) || near(answer, after));
            assertThat(answers).anyMatch(answer -> near(answer, before)).anyMatch(answer -> near(answer, after));
        }
        try (Stream<Path> kept = Files.list(items)) {
            assertThat(kept.filter(path -> path.toString().endsWith(".tokens")))
                    .as("of each model a file")
                    .hasSize(2);
        }
    }

    private static boolean ignoresHangups() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 1) != 0);
    }

    private static boolean near(double answer, double expected) {
        return Math.abs(answer - expected) < 1e-5;
    }

    /** {@link LoadGenerator#post} fails unless the answer is 200. */
    private static void askUntil(LoadGenerator client, String body, Queue<Double> answers, double last) {
        double answer;
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        do {
            answer = JsonMapper.shared()
                    .readTree(client.post("/v1/score", body))
                    .at("/probabilities/0")
                    .asDouble();
            answers.add(answer);
        } while (!near(answer, last) && System.currentTimeMillis() < end);
    }
}
