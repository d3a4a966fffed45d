package org.dti4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The tiny checkpoints and adapters that Python wrote, and copies of them to damage. */
final class GoldenFolders {
    private static final Path GOLDEN = Path.of(Objects.requireNonNull(System.getProperty("dti.golden")));

    private GoldenFolders() {}

    static Stream<String> architectures() {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("base/config.json")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path base(String architecture) {
        return GOLDEN.resolve(architecture).resolve("base");
    }

    static Path adapter(String architecture) {
        return GOLDEN.resolve(architecture).resolve("adapter");
    }

    static Path copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                to.resolve(file.getFileName()).toFile().setWritable(true);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void edit(Path file, UnaryOperator<String> change) {
        try {
            String before = Files.readString(file);
            String after = change.apply(before);
            if (after.equals(before)) {
                throw new AssertionError("the edit of " + file + " changed nothing");
            }
            Files.writeString(file, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
