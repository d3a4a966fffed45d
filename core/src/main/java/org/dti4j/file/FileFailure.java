package org.dti4j.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.dti4j.problem.UserException;

/** What the operating system says of a file, in words for the user. */
public final class FileFailure {
    private FileFailure() {}

    /** Of a file that could not be read. */
    public static UserException unreadable(Path path, IOException e) {
        return new UserException(path + ": " + reason(e, "read"), e);
    }

    /** Of a file that could not be written. */
    public static UserException unwritable(Path path, IOException e) {
        return new UserException(path + ": " + reason(e, "written"), e);
    }

    private static String reason(IOException e, String verb) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        // the message of a FileSystemException begins with the path, which stands in front already
        String said = e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        return "cannot be %s: %s".formatted(verb, said);
    }
}
