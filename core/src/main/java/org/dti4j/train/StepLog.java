package org.dti4j.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.dti4j.problem.UserException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps a run's course in its folder: {@code steps.jsonl}, a line per optimiser step, and {@code validations.jsonl}, a line per
 * validation. Each line is flushed when it is written; what a killed run leaves is whole lines and at most one torn one, which readers skip.
 */
public final class StepLog implements TrainListener, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String STEPS = "steps.jsonl";
    private static final String VALIDATIONS = "validations.jsonl";

    private final Path folder;
    private final BufferedWriter steps;
    private final BufferedWriter validations;

    private StepLog(Path folder) throws IOException {
        this.folder = folder;
        this.steps = append(folder.resolve(STEPS));
        this.validations = append(folder.resolve(VALIDATIONS));
    }

    private static BufferedWriter append(Path file) throws IOException {
        return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Starts both files anew. */
    public static StepLog create(Path runFolder) {
        return resume(runFolder, 0);
    }

    /** Goes on after {@code step} steps: lines of later steps, which the run that was resumed had lost, are dropped. */
    public static StepLog resume(Path runFolder, long step) {
        try {
            Files.createDirectories(runFolder);
            keep(runFolder.resolve(STEPS), StepReport.class, StepReport::step, step);
            keep(runFolder.resolve(VALIDATIONS), ValidationReport.class, ValidationReport::step, step);
            return new StepLog(runFolder);
        } catch (IOException e) {
            throw new UserException("%s: cannot be written: %s".formatted(runFolder, e.getMessage()), e);
        }
    }

    private static <R> void keep(Path file, Class<R> type, ToLongFunction<R> stepOf, long step) throws IOException {
        if (Files.exists(file)) {
            List<String> kept = new ArrayList<>();
            for (R report : readLines(file, type)) {
                if (stepOf.applyAsLong(report) <= step && step > 0) {
                    kept.add(JSON.writeValueAsString(report));
                }
            }
            Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.write(temporary, kept);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void onStep(StepReport report) {
        write(steps, STEPS, report);
    }

    @Override
    public void onValidation(ValidationReport report) {
        write(validations, VALIDATIONS, report);
    }

    private void write(BufferedWriter writer, String name, Object report) {
        try {
            writer.write(JSON.writeValueAsString(report) + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new UserException("%s: cannot be written: %s".formatted(folder.resolve(name), e.getMessage()), e);
        }
    }

    /** The steps of a run, in order; empty when the run has none. */
    public static List<StepReport> readSteps(Path runFolder) {
        return read(runFolder.resolve(STEPS), StepReport.class);
    }

    /** The validations of a run, in order; empty when the run has none. */
    public static List<ValidationReport> readValidations(Path runFolder) {
        return read(runFolder.resolve(VALIDATIONS), ValidationReport.class);
    }

    private static <R> List<R> read(Path file, Class<R> type) {
        try {
            return Files.exists(file) ? readLines(file, type) : List.of();
        } catch (IOException e) {
            throw new UserException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static <R> List<R> readLines(Path file, Class<R> type) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<R> reports = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            try {
                reports.add(JSON.readValue(lines.get(i), type));
            } catch (JacksonException e) {
                if (i < lines.size() - 1) { // a torn last line is what a killed run leaves
                    throw new UserException(
                            "%s:%d: is not a line of this log: %s".formatted(file, i + 1, e.getOriginalMessage()), e);
                }
            }
        }
        return reports;
    }

    @Override
    public void close() {
        try (BufferedWriter first = steps;
                BufferedWriter second = validations) {
            first.flush();
            second.flush();
        } catch (IOException e) {
            throw new UserException("%s: cannot be written: %s".formatted(folder, e.getMessage()), e);
        }
    }
}
