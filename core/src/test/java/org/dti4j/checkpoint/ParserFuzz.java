package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dti4j.problem.UserException;

/**
 * What Jazzer feeds with inputs of its own making ({@code scripts/fuzz}). The property {@code dti.fuzz} names the format. Reading may
 * succeed or be refused as the user's; anything else is a finding.
 */
public final class ParserFuzz {
    private static final Hostile.Format FORMAT = Hostile.Format.valueOf(System.getProperty("dti.fuzz", "SAFETENSORS"));
    private static final Path FOLDER = folder();

    private ParserFuzz() {}

    private static Path folder() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try {
            FORMAT.read(data, FOLDER);
        } catch (UserException e) {
            if (e.problems().isEmpty() || e.getMessage() == null) {
                throw new AssertionError("no message for people: " + e.getMessage(), e);
            }
        }
    }
}
