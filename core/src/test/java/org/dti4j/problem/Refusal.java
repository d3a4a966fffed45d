package org.dti4j.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What fuzzing demands of every parser: it reads its input, or refuses it as the user's mistake with a message for people. */
public final class Refusal {
    private static final int LONGEST = 20_000;

    private Refusal() {}

    /** What parses. */
    @FunctionalInterface
    public interface Parse {
        void run() throws Exception;
    }

    /** Any other failure passes through, and is a finding. */
    public static void orSuccess(Parse parse) throws Exception {
        try {
            parse.run();
        } catch (UserException e) {
            String message = String.join("\n", e.problems());
            if (message.isBlank() || message.length() > LONGEST) {
                throw new AssertionError("no message for people: " + message, e);
            }
        }
    }

    /** A new folder for the files that are parsed. */
    public static Path folder() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
