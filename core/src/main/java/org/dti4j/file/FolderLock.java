package org.dti4j.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import org.dti4j.problem.UserException;

/** Keeps a folder to one process at a time. The system frees it when the process ends, however it ends; the empty file stays. */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a folder, which is made if there is none.
     *
     * @param mistake what is told if another process has it, or another thread of this one
     */
    public static FolderLock of(Path folder, String mistake) {
        try {
            FileChannel channel = open(folder, ".lock");
            if (!locked(channel)) {
                channel.close();
                throw new UserException(mistake);
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
    }

    /** Locks a folder that may itself be replaced meanwhile: the lock, {@code .NAME.lock}, lies beside it. Empty if another has it. */
    public static Optional<FolderLock> beside(Path folder) {
        Path whole = folder.toAbsolutePath().normalize();
        Path parent = Objects.requireNonNull(whole.getParent(), "a folder that can be replaced has a parent");
        try {
            FileChannel channel = open(parent, "." + whole.getFileName() + ".lock");
            if (!locked(channel)) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new FolderLock(channel));
        } catch (IOException e) {
            throw FileFailure.unwritable(parent, e);
        }
    }

    private static FileChannel open(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        return FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("a lock could not be given back", e);
        }
    }
}
