package org.dti4j.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dti4j.file.AtomicFile;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps a run's course in {@code steps.jsonl}, a line per optimiser step. Each line is handed to the system when it is written, and forced to
 * the disk before a state that knows of it; what a killed run
 * leaves is whole lines and at most one torn one, which readers skip.
 */
public final class StepLog implements TrainListener, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String STEPS = "steps.jsonl";

    private final Path folder;
    private final FileChannel steps;

    private StepLog(Path folder) throws IOException {
        this.folder = folder;
        this.steps = FileChannel.open(
                folder.resolve(STEPS), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Starts the file anew. */
    public static StepLog create(Path runFolder) {
        return resume(runFolder, 0);
    }

    /** Goes on after {@code step} steps: lines of later steps, which the run that was resumed had lost, are dropped. */
    public static StepLog resume(Path runFolder, long step) {
        try {
            Files.createDirectories(runFolder);
            keep(runFolder.resolve(STEPS), step);
            return new StepLog(runFolder);
        } catch (IOException e) {
            throw FileFailure.unwritable(runFolder, e);
        }
    }

    private static void keep(Path file, long step) throws IOException {
        if (Files.exists(file)) {
            List<String> kept = new ArrayList<>();
            for (StepReport report : readLines(file)) {
                if (report.step() <= step) {
                    kept.add(JSON.writeValueAsString(report) + "\n");
                }
            }
            AtomicFile.write(file, String.join("", kept));
        }
    }

    @Override
    public void onStep(StepReport report) {
        try {
            ByteBuffer line =
                    ByteBuffer.wrap((JSON.writeValueAsString(report) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                steps.write(line);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** A state that knows of a step must not outlive the step's line. */
    @Override
    public void onSave(Position position) {
        try {
            steps.force(false);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** The steps of a run, in order; empty when the run has none. */
    public static List<StepReport> readSteps(Path runFolder) {
        Path file = runFolder.resolve(STEPS);
        try {
            return Files.exists(file) ? readLines(file) : List.of();
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    private static List<StepReport> readLines(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<StepReport> reports = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            try {
                Optional<StepReport> report = Optional.ofNullable(JSON.readValue(lines.get(i), StepReport.class));
                int number = i + 1;
                reports.add(report.orElseThrow(
                        () -> new UserException("%s:%d: is not a line of this log: null".formatted(file, number))));
            } catch (JacksonException e) {
                if (i < lines.size() - 1) { // a torn last line is what a killed run leaves
                    throw new UserException(
                            "%s:%d: is not a line of this log: %s".formatted(file, i + 1, e.getOriginalMessage()), e);
                }
            }
        }
        return reports;
    }

    private UserException unwritable(IOException e) {
        return FileFailure.unwritable(folder.resolve(STEPS), e);
    }

    @Override
    public void close() {
        try {
            steps.close();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
