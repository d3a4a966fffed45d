package org.dti4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dti4j.data.RowsFile;
import org.dti4j.file.AtomicFile;
import org.dti4j.problem.UserException;

/**
 * What a {@link PredictionJob} has so far, in a folder beside the output: a manifest that says of what, and a file per part of rows, each
 * whole or not there. So a job that was killed goes on after its last part.
 */
final class PredictionParts {
    private final Path folder;

    private PredictionParts(Path folder) {
        this.folder = folder;
    }

    /** What parts were made of. */
    record Manifest(String run, String trained, String input, long bytes, String modified, int rowsPerPart) {}

    /** @throws UserException if there are parts of other work */
    static PredictionParts open(Path output, Manifest manifest) {
        Path whole = output.toAbsolutePath();
        PredictionParts parts = new PredictionParts(whole.resolveSibling(whole.getFileName() + ".parts"));
        Path file = parts.folder.resolve("manifest.json");
        String text = RunJson.page(manifest);
        if (!Files.exists(file)) {
            AtomicFile.write(file, text);
        } else if (!RunFiles.readText(file).equals(text)) {
            throw new UserException(
                    "%s: holds parts of another run, input or state of the input (its manifest.json says which), must be of the same to go on; remove it to begin anew"
                            .formatted(parts.folder));
        }
        return parts;
    }

    Path folder() {
        return folder;
    }

    private Path part(int number) {
        return folder.resolve(String.format(Locale.ROOT, "part-%06d.csv", number));
    }

    /** How many parts are there, from the first on without a gap. */
    int count() {
        return (int) IntStream.iterate(0, number -> number + 1)
                .takeWhile(number -> Files.exists(part(number)))
                .count();
    }

    List<Path> files() {
        return IntStream.range(0, count()).mapToObj(this::part).toList();
    }

    /**
     * A row's outcome.
     *
     * @param problem empty if it has a probability
     */
    record Row(double probability, String problem) {}

    void write(int number, long firstRow, List<Row> rows) {
        StringBuilder text = new StringBuilder();
        long at = firstRow;
        for (Row row : rows) {
            boolean good = row.problem().isEmpty();
            text.append(at++).append(',').append(good ? Double.toString(row.probability()) : "");
            text.append(",\"").append(row.problem().replace("\"", "\"\"")).append("\"\n");
        }
        AtomicFile.write(part(number), text.toString());
    }

    /** Rows without a probability: how many, and the first few with their numbers, counted from 1. */
    record Bad(long rows, List<String> examples) {}

    Bad bad(int most) {
        long[] count = {0};
        List<String> examples = new ArrayList<>();
        for (Path file : files()) {
            // the parts are CSV without a header, so that the first row would be taken for one: read as lines
            try (Stream<String> lines = Files.lines(file)) {
                lines.filter(line -> !line.endsWith(",\"\"")).forEach(line -> {
                    if (count[0]++ < most) {
                        examples.add(example(line));
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Bad(count[0], examples);
    }

    private static String example(String line) {
        int comma = line.indexOf(',');
        long row = Long.parseLong(line.substring(0, comma)) + 1;
        String problem = line.substring(comma + 3, line.length() - 1).replace("\"\"", "\"");
        return "row %d: %s".formatted(row, problem);
    }

    /** Puts the parts together, then removes them. */
    void finish(RowsFile input, RowsFile output, String column) {
        output.writeWith(input, column, files(), folder.resolve("spilled"));
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
