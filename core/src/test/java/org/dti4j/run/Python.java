package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A Python with transformers and peft, named by the system property {@code dti.python} or the variable {@code DTI_PYTHON}. */
final class Python {
    private final String command;

    private Python(String command) {
        this.command = command;
    }

    static Optional<Python> find() {
        String named = System.getProperty("dti.python", Objects.requireNonNullElse(System.getenv("DTI_PYTHON"), ""));
        return named.isEmpty() ? Optional.empty() : Optional.of(new Python(named));
    }

    /** Runs a script of the test resources on jobs; its standard error is the message if it fails. */
    void run(String script, List<?> jobs, Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("script.py");
        try (InputStream text = Objects.requireNonNull(Python.class.getResourceAsStream(script))) {
            Files.write(file, text.readAllBytes());
        }
        Path list = Files.write(folder.resolve("jobs.json"), JsonMapper.shared().writeValueAsBytes(jobs));
        Path said = folder.resolve("python.log");
        ProcessBuilder builder = new ProcessBuilder(command, file.toString(), list.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("HF_HUB_OFFLINE", "1");
        Process process = builder.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES))
                .as("python ended in time")
                .isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
}
