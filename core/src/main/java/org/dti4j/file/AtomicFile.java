package org.dti4j.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.dti4j.problem.UserException;

/**
 * Files that are whole or not there: written under a temporary name in the same folder, forced to the disk, then renamed, and the
 * folder forced too. Whenever the machine stops, the name stands for the old content or for the new one. If the operating system refuses
 * (no permission, disk full), a {@link UserException} says so, and what was there stays.
 */
public final class AtomicFile {
    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Writes a file of the given name, for libraries that open their files themselves. */
    @FunctionalInterface
    public interface Writer {
        void write(Path temporary) throws IOException;
    }

    private AtomicFile() {}

    /** Writes a file, replacing an older one of its name only when the new one is whole. */
    public static void write(Path path, Content content) {
        writeBy(path, temporary -> {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.writeTo(channel);
            }
        });
    }

    /** The same of bytes that are at hand. */
    public static void write(Path path, byte[] bytes) {
        write(path, channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }

    /** The same of a text, in UTF-8. */
    public static void write(Path path, String text) {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same by a library that opens its files itself. */
    public static void writeBy(Path path, Writer writer) {
        Path target = path.toAbsolutePath();
        Path folder = Objects.requireNonNull(target.getParent(), "a root is no file");
        Path temporary = folder.resolve(target.getFileName() + ".partial");
        try {
            Files.createDirectories(folder);
            try {
                writer.write(temporary);
                force(temporary);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            DiskFolder.force(folder);
        } catch (IOException e) {
            throw FileFailure.unwritable(path, e);
        }
    }

    /** Copies a file. */
    public static void copy(Path source, Path path) {
        write(path, channel -> {
            try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
                long size = from.size();
                for (long done = 0; done < size; ) {
                    done += from.transferTo(done, size - done, channel);
                }
            }
        });
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
