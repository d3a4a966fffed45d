package org.dti4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    private static final Path FULL_DISK = Path.of("/dev/full");

    @TempDir
    private Path folder;

    @Test
    void aFileIsReplacedAsAWholeAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("deep/er/file.txt");
        AtomicFile.write(file, "one");
        AtomicFile.write(file, "zwei");
        assertThat(file).hasContent("zwei");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void theOldContentStandsWhileTheNewIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file.txt"), "old");
        AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap("new".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasContent("new");
    }

    @Test
    void aWriterThatFailsLeavesTheOldContentAndNoTemporaryFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file.txt"), "old");
        assertThatThrownBy(() -> AtomicFile.writeBy(file, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IOException("the library gave up");
                }))
                .isInstanceOf(UserException.class)
                .hasMessage(file + ": cannot be written: the library gave up");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void aFullDiskIsToldAndTheOldContentStays() throws IOException {
        assumeThat(FULL_DISK).as("a device that is always full").exists();
        Path file = Files.writeString(folder.resolve("file.txt"), "old");
        Files.createSymbolicLink(folder.resolve("file.txt.partial"), FULL_DISK);
        assertThatThrownBy(() -> AtomicFile.write(file, "new"))
                .isInstanceOf(UserException.class)
                .hasMessage(file + ": cannot be written: No space left on device");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void aFileInThePlaceOfAFolderIsToldInOneSentence() throws IOException {
        Path file = Files.writeString(folder.resolve("file.txt"), "a file");
        assertThatThrownBy(() -> AtomicFile.write(file.resolve("below.txt"), "x"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(file.resolve("below.txt") + ": cannot be written");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFolderThatMayNotBeWrittenToIsToldInOneSentence() throws IOException {
        Path readOnly = Files.createDirectory(folder.resolve("read-only"));
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(readOnly)).as("root may write everywhere").isFalse();
        Path file = readOnly.resolve("file.txt");
        assertThatThrownBy(() -> AtomicFile.write(file, "x"))
                .isInstanceOf(UserException.class)
                .hasMessage(file + ": permission denied");
    }

    @Test
    void aChecksumIsThatOfTheWholeFile() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        // FIPS 180-2, appendix B.1
        assertThat(Checksum.of(file)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Files.write(file, new byte[3 << 20]);
        String zeros = Checksum.of(file);
        byte[] changed = new byte[3 << 20];
        changed[changed.length - 1] = 1;
        assertThat(Checksum.of(Files.write(file, changed))).isNotEqualTo(zeros);
    }
}
