package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.dti4j.problem.UserException;

/** Collects what is wrong with one file; a damaged file can have a problem for each of thousands of tensors, so few are shown. */
final class FileProblems {
    private static final int SHOWN = 20;

    private final Path file;
    private final List<String> found = new ArrayList<>();

    FileProblems(Path file) {
        this.file = file;
    }

    FileProblems require(boolean holds, String problem) {
        return holds ? this : add(problem);
    }

    FileProblems add(String problem) {
        found.add(file + ": " + problem);
        return this;
    }

    List<String> found() {
        return found;
    }

    void throwIfAny() {
        if (found.size() > SHOWN) {
            List<String> shown = new ArrayList<>(found.subList(0, SHOWN));
            shown.add("%s: and %d more problems".formatted(file, found.size() - SHOWN));
            throw new UserException(shown);
        }
        if (!found.isEmpty()) {
            throw new UserException(found);
        }
    }

    /** Names the file before each problem that {@code action} throws without naming it. */
    static <T> T locate(Path file, Supplier<T> action) {
        try {
            return action.get();
        } catch (UserException e) {
            UserException located = new UserException(e.problems().stream()
                    .map(problem -> problem.startsWith(file + ": ") ? problem : file + ": " + problem)
                    .toList());
            located.initCause(e);
            throw located;
        }
    }
}
