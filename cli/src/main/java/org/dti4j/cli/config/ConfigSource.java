package org.dti4j.cli.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.problem.UserException;

/**
 * A configuration's text and where it is from.
 *
 * @param name what problems call it, usually the path as the user wrote it
 * @param text YAML
 * @param folder what relative paths in it are relative to
 */
public record ConfigSource(String name, String text, Path folder) {
    private static final long MAX_BYTES = 1 << 20;

    /** Reads a file; paths in it are relative to its folder. */
    public static ConfigSource of(Path file) {
        if (!Files.exists(file)) {
            throw new UserException("%s: no such file, must be a configuration in YAML".formatted(file));
        }
        if (Files.isDirectory(file)) {
            throw new UserException("%s: is a folder, must be a configuration in YAML".formatted(file));
        }
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                throw new UserException(
                        "%s: has %,d bytes, a configuration has at most %,d".formatted(file, bytes, MAX_BYTES));
            }
            return new ConfigSource(file.toString(), Files.readString(file), folder(file));
        } catch (CharacterCodingException e) {
            throw new UserException("%s: is not text in UTF-8, must be a configuration in YAML".formatted(file), e);
        } catch (IOException e) {
            throw new UserException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
        }
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
