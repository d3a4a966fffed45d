package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dti4j.distribute.Collective;
import org.dti4j.train.StepLog;
import org.dti4j.train.StepReport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several JVMs on this machine train one model. */
@Timeout(180)
class TrainingPeersTest {
    private static final int WHOLE = 4; // micro-batches at a time, in one process or in several

    @TempDir
    private static Path folder;

    private static List<StepReport> alone;

    @BeforeAll
    static void trainInOneProcess() {
        Path out = folder.resolve("alone");
        TinyRun.job(TrainingPeer.config(out, WHOLE)).run(false, () -> false);
        alone = StepLog.readSteps(out);
        assertThat(alone).hasSizeGreaterThan(100);
        assertThat(alone.get(alone.size() - 1).loss()).isLessThan(alone.get(0).loss());
    }

    @ParameterizedTest
    @CsvSource({"2, RING", "4, RING", "2, GLOO", "4, GLOO"})
    void theLossCurveOfSeveralProcessesIsThatOfOne(int size, Collective collective) throws Exception {
        Path out = folder.resolve("peers-" + size + collective);
        for (Process peer : start(out, size, false, collective)) {
            assertThat(peer.waitFor()).isZero();
        }
        expectTheCurveOfOneProcess(out);
        assertThat(out.resolve("metrics.json")).exists();
        assertThat(out.resolve("rank-1")).doesNotExist();
    }

    private static void expectTheCurveOfOneProcess(Path out) {
        List<StepReport> steps = StepLog.readSteps(out);
        assertThat(steps).hasSameSizeAs(alone);
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i).step()).isEqualTo(i + 1L);
            assertThat(steps.get(i).targets()).isEqualTo(alone.get(i).targets());
            assertThat(steps.get(i).loss())
                    .as("step %d", i + 1)
                    .isCloseTo(alone.get(i).loss(), within(1e-4));
        }
    }

    /** A peer that is killed hangs up; one that is stopped, as one behind a cut cable, only falls silent. */
    @ParameterizedTest
    @CsvSource({"STOP, 1, RING", "KILL, 0, RING", "STOP, 0, GLOO", "KILL, 1, GLOO"})
    void whenAPeerIsLostTheOthersEndAndTheRunGoesOnFromItsLastState(String signal, int rank, Collective collective)
            throws Exception {
        Path out = folder.resolve(signal + rank + collective);
        List<Process> peers = start(out, 2, false, collective);
        awaitState(out, peers.get(0));
        assumeThat(signal(peers.get(rank), signal))
                .as("there is a command kill")
                .isTrue();
        Process other = peers.get(1 - rank);
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).as("does not hang").isTrue();
        assertThat(other.exitValue()).isEqualTo(2);
        assertThat(said(out, 1 - rank))
                .containsPattern(
                        "rank %d (has left|was not heard of).*, after step \\d+; start all nodes again with --resume"
                                .formatted(rank));
        peers.get(rank).destroyForcibly().waitFor();
        for (Process peer : start(out, 2, true, collective)) {
            assertThat(peer.waitFor()).isZero();
        }
        expectTheCurveOfOneProcess(out);
    }

    @Test
    void aRunOfTwoProcessesGoesOnInOne() throws Exception {
        Path out = folder.resolve("fewer");
        List<Process> peers = start(out, 2, false, Collective.RING);
        awaitState(out, peers.get(0));
        peers.get(1).destroyForcibly().waitFor();
        assertThat(peers.get(0).waitFor()).isEqualTo(2);
        TinyRun.job(TrainingPeer.config(out, WHOLE)).run(true, () -> false);
        expectTheCurveOfOneProcess(out);
    }

    private static boolean signal(Process process, String name) throws InterruptedException {
        try {
            return new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitState(Path out, Process first) throws InterruptedException {
        Path state = out.resolve("state").resolve("000001");
        while (!Files.exists(state)) {
            assertThat(first.isAlive()).as("trains").isTrue();
            Thread.sleep(5);
        }
    }

    private static String said(Path out, int rank) throws IOException {
        return Files.readString(folder.resolve(out.getFileName() + "." + rank + ".err"));
    }

    private static List<Process> start(Path out, int size, boolean resume, Collective collective) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<Process> peers = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            peers.add(start(out, rank, size, port, resume, collective));
        }
        return peers;
    }

    private static Process start(Path out, int rank, int size, int port, boolean resume, Collective collective)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dcollective=" + collective,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .replace('\n', File.pathSeparatorChar),
                TrainingPeer.class.getName()));
        Path own = rank == 0 ? out : out.resolve("rank-" + rank); // what only the first writes
        command.addAll(List.of(own.toString(), Integer.toString(WHOLE / size), Integer.toString(rank)));
        command.addAll(List.of(Integer.toString(size), Integer.toString(port)));
        if (resume) {
            command.add("resume");
        }
        Path err = folder.resolve(out.getFileName() + "." + rank + ".err");
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
    }
}
