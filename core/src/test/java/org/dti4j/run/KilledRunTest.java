package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.dti4j.problem.UserException;
import org.dti4j.train.SavedState;
import org.dti4j.train.StepLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes ({@code kill -9}) while they train and goes on with what they left. Five kills by default;
 * {@code -Ddti.kills=50} for more, {@code -Ddti.killSeed} for other moments.
 */
@DisabledOnOs(OS.WINDOWS)
final class KilledRunTest {
    private static final int KILLS = Integer.getInteger("dti.kills", 5);
    private static final long SEED = Long.getLong("dti.killSeed", 1);
    private static final List<String> COMPARED = List.of(
            "steps.jsonl", "validation.jsonl", "metrics.json", "predictions.parquet", "model/model.safetensors");

    @TempDir
    private static Path folder;

    private static Path unbroken;
    private static long trainingMillis;

    @BeforeAll
    static void runUnbroken() throws IOException, InterruptedException {
        unbroken = folder.resolve("unbroken");
        Child child = new Child(unbroken, false);
        child.awaitTraining();
        long start = System.nanoTime();
        child.expectStatus(0);
        trainingMillis = (System.nanoTime() - start) / 1_000_000;
        assertThat(StepLog.readSteps(unbroken)).hasSizeGreaterThan(25);
        assertThat(unbroken.resolve("state")).isDirectoryContaining("glob:**/0*");
    }

    @Test
    void aKilledRunGoesOnToTheSameStepsWeightsAndPredictions() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        int kills = 0;
        for (int run = 0; kills < KILLS; run++) {
            Path out = folder.resolve("killed-" + run);
            boolean finished = false;
            while (!finished) {
                Child child = new Child(out, Files.exists(out));
                boolean kill = kills < KILLS;
                if (kill) {
                    child.awaitTraining();
                    awaitMoment(random, kills, out);
                    child.kill();
                }
                finished = child.status() == 0;
                child.expectStatus(finished ? 0 : 137);
                kills += finished ? 0 : 1;
                expectNoStepTwice(out);
            }
            expectSame(out);
        }
    }

    /** Every other kill waits until a state is being written. */
    private static void awaitMoment(SplittableRandom random, int kill, Path out) throws InterruptedException {
        if (kill % 2 == 0) {
            Thread.sleep(random.nextLong(trainingMillis));
            return;
        }
        Path partial = out.resolve("state").resolve("partial");
        long skipped = random.nextLong(trainingMillis / 2 + 1);
        Thread.sleep(skipped);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(trainingMillis);
        while (!Files.exists(partial) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        long moment = System.nanoTime() + random.nextLong(10_000_000);
        while (System.nanoTime() < moment) {
            Thread.onSpinWait();
        }
    }

    private static void expectNoStepTwice(Path out) {
        List<Long> steps = new ArrayList<>();
        StepLog.readSteps(out).forEach(step -> steps.add(step.step()));
        assertThat(steps).doesNotHaveDuplicates().isSorted();
    }

    private static void expectSame(Path out) throws IOException {
        for (String name : COMPARED) {
            assertThat(Arrays.equals(Files.readAllBytes(out.resolve(name)), Files.readAllBytes(unbroken.resolve(name))))
                    .as("%s is byte for byte that of the unbroken run", name)
                    .isTrue();
        }
        assertThat(out.resolve("state")).isDirectoryNotContaining("glob:**/partial");
    }

    @Test
    void aRunFolderBelongsToOneProcessAtATime() throws IOException, InterruptedException {
        Path out = folder.resolve("shared");
        Child child = new Child(out, false);
        child.awaitTraining();
        for (boolean resume : new boolean[] {false, true}) {
            assertThatThrownBy(() -> TinyRun.job(out).run(resume, () -> false))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("must not be in use: another process trains in it");
        }
        child.expectStatus(0);
        expectSame(out);
    }

    @Test
    void aDiskThatTakesNoMoreEndsTheRunWithOneSentenceAndTheStateBeforeItIsGoneOnFrom()
            throws IOException, InterruptedException {
        Path out = folder.resolve("full");
        Child child = new Child(out, false);
        child.awaitTraining();
        awaitState(out);
        child.kill();
        SavedState before = SavedState.latest(out.resolve("state"), note -> {}).orElseThrow();

        Child limited = new Child(out, true, "ulimit -f 1024"); // KiB of a file, less than the tensors of a state
        limited.expectStatus(2);
        assertThat(limited.err().lines()).singleElement().asString().contains("tensors.safetensors: cannot be written");
        assertThat(SavedState.latest(out.resolve("state"), note -> {})).contains(before);

        TinyRun.job(out).run(true, () -> false);
        expectSame(out);
    }

    /** As root too, whom no permission stops. */
    @Test
    void aFolderThatCannotBeMadeIsTheUsersMistake() {
        assumeThat(Path.of("/proc/self")).isDirectory();
        Path out = Path.of("/proc/self/run");
        assertThatThrownBy(() -> TinyRun.job(out).run(false, () -> false))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(out + ": ")
                .hasMessageNotContaining("Exception");
    }

    private static void awaitState(Path out) throws InterruptedException {
        while (SavedState.latest(out.resolve("state"), note -> {}).isEmpty()) {
            Thread.sleep(5);
        }
    }

    @Test
    void aRunKilledBeforeItsFirstStateBeginsAnewAloud() throws IOException {
        Path out = folder.resolve("early");
        Files.createDirectories(out);
        Files.writeString(out.resolve("steps.jsonl"), "{\"step\":1,");
        List<String> notes = new ArrayList<>();
        TinyRun.job(out).notes(notes::add).run(true, () -> false);
        assertThat(notes).containsExactly(out + ": no state was saved before the run ended; it begins anew");
        expectSame(out);
    }

    /** A JVM that trains. */
    private static final class Child {
        private final Process process;
        private final BufferedReader out;
        private final Path err;

        Child(Path run, boolean resume) throws IOException {
            this(run, resume, "true");
        }

        /** @param limit a command of the shell that starts it */
        Child(Path run, boolean resume, String limit) throws IOException {
            err = Files.createTempFile(folder, "child", ".err");
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            List<String> command = new ArrayList<>(List.of("sh", "-c", limit + "; exec \"$@\"", "sh", java));
            command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
            command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                            .replace('\n', File.pathSeparatorChar),
                    TinyRun.class.getName(),
                    run.toString()));
            if (resume) {
                command.add("resume");
            }
            process = new ProcessBuilder(command).redirectError(err.toFile()).start();
            out = process.inputReader();
        }

        void awaitTraining() throws IOException, InterruptedException {
            String line = out.readLine();
            while (line != null && !line.equals(TinyRun.BEGINS)) {
                line = out.readLine(); // a library's log
            }
            if (line == null) {
                process.waitFor();
            }
            assertThat(line).as(err()).isEqualTo(TinyRun.BEGINS);
        }

        /** Its lock is the system's until the process is gone. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        int status() throws InterruptedException {
            return process.waitFor();
        }

        void expectStatus(int status) throws IOException, InterruptedException {
            int found = process.waitFor();
            assertThat(found).as(err()).isEqualTo(status);
        }

        /** What it said, without the JVM's and the libraries' own warnings. */
        String err() throws IOException {
            return String.join(
                    "\n",
                    Files.readAllLines(err).stream()
                            .filter(line -> !line.isBlank() && !line.startsWith("WARNING") && !line.startsWith("SLF4J"))
                            .toList());
        }
    }
}
