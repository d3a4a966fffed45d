package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class CtrlCTest {
    private static final String WATCHES = "watches";

    /** A process of its own, which ends with the status of its argument when it is asked to stop. */
    static final class Stopped {
        private Stopped() {}

        public static void main(String[] arguments) throws InterruptedException {
            CtrlC ctrlC = new CtrlC(System.err);
            BooleanSupplier interruption = ctrlC.watch();
            System.out.println(WATCHES);
            while (!interruption.getAsBoolean()) {
                Thread.sleep(5);
            }
            System.out.println("saved");
            int status = Integer.parseInt(arguments[0]);
            ctrlC.finished(status);
            System.exit(status);
        }
    }

    @Test
    void theStatusAfterASignalIsTheProgramsOwn() throws IOException, InterruptedException {
        assertThat(statusAfterTerm(ExitStatus.INTERRUPTED)).isEqualTo(ExitStatus.INTERRUPTED);
        assertThat(statusAfterTerm(ExitStatus.FAULT))
                .as("of a state that could not be saved")
                .isEqualTo(ExitStatus.FAULT);
    }

    private static int statusAfterTerm(int status) throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .replace('\n', File.pathSeparatorChar);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        Stopped.class.getName(),
                        Integer.toString(status))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo(WATCHES);
            process.toHandle().destroy(); // SIGTERM; the process's own destroy would close its output too
            assertThat(out.readLine()).isEqualTo("saved");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
