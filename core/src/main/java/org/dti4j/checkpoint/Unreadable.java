package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.dti4j.problem.UserException;

/** What the operating system says of a file, in words for the user. */
final class Unreadable {
    private Unreadable() {}

    static UserException because(Path path, IOException e) {
        return new UserException(path + ": " + reason(e, "read"), e);
    }

    static UserException unwritable(Path path, IOException e) {
        return new UserException(path + ": " + reason(e, "written"), e);
    }

    private static String reason(IOException e, String verb) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return "cannot be %s: %s".formatted(verb, e.getMessage());
    }
}
