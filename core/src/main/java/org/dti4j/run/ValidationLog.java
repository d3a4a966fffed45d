package org.dti4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The validations of a run, {@code validation.jsonl}: a line each, the file rewritten whole whenever one is added. */
public final class ValidationLog {
    private final Path file;
    private final List<ValidationPoint> points;

    private ValidationLog(Path file, List<ValidationPoint> points) {
        this.file = file;
        this.points = points;
    }

    /** Begins anew, or goes on after {@code targets} targets: a validation of lost steps is lost too. */
    static ValidationLog from(RunFiles files, long targets) {
        List<ValidationPoint> kept = new ArrayList<>(read(files));
        kept.removeIf(point -> point.targets() > targets);
        return new ValidationLog(files.validations(), kept);
    }

    /** The validations of a run, in order. */
    public static List<ValidationPoint> read(RunFiles files) {
        Path file = files.validations();
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> lines = RunFiles.readText(file).lines().toList();
        return IntStream.range(0, lines.size())
                .mapToObj(i -> RunJson.read(
                        "%s:%d".formatted(file, i + 1), "validation.jsonl", lines.get(i), ValidationPoint.class))
                .toList();
    }

    void add(ValidationPoint point) {
        points.removeIf(old ->
                old.targets() == point.targets()); // made again, after a run that ended before its state was saved
        points.add(point);
        StringBuilder lines = new StringBuilder();
        points.forEach(each -> lines.append(RunJson.line(each)));
        RunFiles.writeText(file, lines.toString());
    }
}
