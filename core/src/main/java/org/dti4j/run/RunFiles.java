package org.dti4j.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.checkpoint.AtomicFile;
import org.dti4j.problem.UserException;

/** The files of a run folder, by their names in the interface, and how they are written: whole or not at all. */
public record RunFiles(Path folder) {
    public Path config() {
        return folder.resolve("config.yaml");
    }

    public Path provenance() {
        return folder.resolve("provenance.json");
    }

    public Path metrics() {
        return folder.resolve("metrics.json");
    }

    /** A line per validation. */
    public Path validations() {
        return folder.resolve("validation.jsonl");
    }

    public Path predictions() {
        return folder.resolve("predictions.parquet");
    }

    /** PEFT files. */
    public Path adapter() {
        return folder.resolve("adapter");
    }

    /** All weights, as a Hugging Face folder. */
    public Path model() {
        return folder.resolve("model");
    }

    public Path state() {
        return folder.resolve("state");
    }

    public Path report() {
        return folder.resolve("report.html");
    }

    static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Writes a text file under a temporary name, then renames it. */
    public static void writeText(Path file, String text) {
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
