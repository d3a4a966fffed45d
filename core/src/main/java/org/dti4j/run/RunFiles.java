package org.dti4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.file.AtomicFile;
import org.dti4j.file.FileFailure;
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

    /** The configuration as a library reads it, without YAML. */
    public Path scoring() {
        return folder.resolve("scoring.json");
    }

    /** The catalogue that the run was trained on. */
    public Path items() {
        return folder.resolve("items.parquet");
    }

    /** The batch that a run ended of. */
    public Path diverged() {
        return folder.resolve("diverged.json");
    }

    public Path state() {
        return folder.resolve("state");
    }

    public Path report() {
        return folder.resolve("report.html");
    }

    /** @throws UserException if a run was finished here, or has a state to go on from */
    public void requireNew() {
        if (Files.exists(metrics()) || Files.exists(state())) {
            throw new UserException(
                    "out = %s, must be a new folder: it holds a run already (--set out=… names another; --resume goes on with one that was interrupted)"
                            .formatted(folder));
        }
    }

    static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /** Writes a text file, whole or not at all. */
    public static void writeText(Path file, String text) {
        AtomicFile.write(file, text);
    }
}
