package org.dti4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dti4j.file.DiskFolder;
import org.dti4j.problem.UserException;

/** A folder that is written under another name beside its own and takes its place once it is whole. */
final class FolderReplacement implements AutoCloseable {
    private static final String SCRATCH = "scratch";

    private final Path target;
    private final Path partial;

    private FolderReplacement(Path target, Path partial) {
        this.target = target;
        this.partial = partial;
    }

    /** @throws UserException if the target is a file, or a folder of something else */
    static FolderReplacement begin(Path output) {
        Path target = output.toAbsolutePath().normalize();
        Path name = target.getFileName();
        Path parent = target.getParent();
        if (name == null || parent == null) {
            throw new UserException("output = %s, must be a folder with a name".formatted(output));
        }
        checkReplaceable(target);
        // the same name every time, so that what an interrupted run left is cleared by the next
        Path partial = parent.resolve("." + name + ".partial");
        try {
            DiskFolder.delete(partial);
            Files.createDirectories(partial.resolve(SCRATCH));
        } catch (IOException e) {
            throw new UserException("output = %s cannot be written: %s".formatted(output, e), e);
        }
        return new FolderReplacement(target, partial);
    }

    private static void checkReplaceable(Path target) {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new UserException("output = %s, must be a folder, but is a file".formatted(target));
        }
        try (Stream<Path> content = Files.list(target)) {
            if (content.findAny().isPresent() && !Files.exists(target.resolve(PreparedFiles.STATISTICS))) {
                throw new UserException("output = %s, must be new, empty or a prepared folder, but holds something else"
                        .formatted(target));
            }
        } catch (IOException e) {
            throw new UserException("output = %s cannot be read: %s".formatted(target, e), e);
        }
    }

    /** Where the folder's files are to be written. */
    Path folder() {
        return partial;
    }

    /** A place for what is needed meanwhile only. */
    Path scratch() {
        return partial.resolve(SCRATCH);
    }

    /** Puts the folder in its place. */
    void finish() {
        Path old = partial.resolveSibling(partial.getFileName() + ".old");
        try {
            DiskFolder.delete(scratch());
            DiskFolder.delete(old);
            if (Files.exists(target)) {
                Files.move(target, old);
            }
            Files.move(partial, target);
            DiskFolder.delete(old);
        } catch (IOException e) {
            throw new UserException("output = %s cannot be written: %s".formatted(target, e), e);
        }
    }

    /** Clears what was written, unless it was put in its place. */
    @Override
    public void close() {
        try {
            DiskFolder.delete(partial);
        } catch (IOException e) {
            throw new UserException("%s cannot be deleted: %s".formatted(partial, e), e);
        }
    }
}
