package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.dti4j.problem.UserException;

/** Files that are whole or not there: written under a temporary name in the same folder, forced to the disk, then renamed. */
public final class AtomicFile {
    /** Writes the content of a file. */
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file, replacing an older one of its name only when the new one is whole.
     *
     * @throws UserException if the operating system refuses (no permission, disk full)
     */
    static void write(Path path, Content content) {
        Path target = path.toAbsolutePath();
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        try {
            Files.createDirectories(target.getParent());
            try {
                try (FileChannel channel = FileChannel.open(
                        partial,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
                    content.writeTo(channel);
                    channel.force(true);
                }
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw Unreadable.unwritable(path, e);
        }
    }

    /** The same of bytes that are at hand. */
    public static void write(Path path, byte[] bytes) {
        write(path, channel -> {
            var buffer = java.nio.ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }

    static void copy(Path source, Path path) {
        write(path, channel -> {
            try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
                long size = from.size();
                for (long done = 0; done < size; ) {
                    done += from.transferTo(done, size - done, channel);
                }
            }
        });
    }
}
