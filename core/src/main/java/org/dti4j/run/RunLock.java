package org.dti4j.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;

/** Keeps a run folder to one process at a time. The system frees it when the process ends, however it ends; the empty file stays. */
final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws UserException if another process, or another thread of this one, trains in the folder */
    static RunLock of(RunFiles files) {
        Path file = files.folder().resolve(".lock");
        try {
            Files.createDirectories(files.folder());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new UserException(
                        "out = %s, must not be in use: another process trains in it; wait for its end, or name another folder"
                                .formatted(files.folder()));
            }
            return new RunLock(channel);
        } catch (IOException e) {
            throw FileFailure.unwritable(files.folder(), e);
        }
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
