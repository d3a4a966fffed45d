package org.dti4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dti4j.file.Checksum;
import org.dti4j.problem.UserException;

/**
 * A run folder as it was when a scoring was asked for, so that all executors score by the same model, whenever they come to open it.
 *
 * @param folder with its scheme
 * @param content hash of what scoring reads of it
 */
record FinishedRun(String folder, String content) implements Serializable {
    private static final List<String> FILES = List.of("scoring.json", "items.parquet", "metrics.json");
    private static final List<String> FOLDERS = List.of("model", "adapter");

    /** Of a weights' file the end is read: every training changes it, and the whole may be many GB. */
    private static final int END = 1 << 16;

    /**
     * Asked by the driver.
     *
     * @throws UserException if there is no finished run
     */
    static FinishedRun of(String folder) {
        Path given = new Path(folder);
        try {
            FileSystem files = given.getFileSystem(RemoteRun.configuration());
            Path whole = files.makeQualified(given);
            if (!files.exists(new Path(whole, FILES.get(0)))) {
                throw new UserException(
                        "%s: has no %s, must be the folder of a finished run, which the driver can read as executors can"
                                .formatted(whole, FILES.get(0)));
            }
            return new FinishedRun(whole.toString(), content(files, whole));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /**
     * Asked by an executor.
     *
     * @param here the run as it is now, in this machine's own file system
     * @throws UserException if it is not what the driver saw
     */
    void requireSame(java.nio.file.Path here) {
        Path local = new Path(here.toUri());
        try {
            if (!content(local.getFileSystem(RemoteRun.configuration()), local).equals(content)) {
                throw new UserException(
                        "%s: has changed since the scoring was asked for, must stay as it is until the scoring ends; start it again to score by what is there now"
                                .formatted(folder));
            }
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static UserException unreadable(String folder, IOException e) {
        return new UserException("%s: cannot be read: %s".formatted(folder, e.getMessage()), e);
    }

    /** Names, sizes and ends: not times, which differ where each machine has a copy of its own. */
    private static String content(FileSystem files, Path run) throws IOException {
        MessageDigest digest = Checksum.sha256();
        for (String name : FILES) {
            Path file = new Path(run, name);
            if (files.exists(file)) {
                update(digest, files, files.getFileStatus(file));
            }
        }
        for (String name : FOLDERS) {
            Path folder = new Path(run, name);
            if (files.exists(folder)) {
                for (FileStatus file :
                        Stream.of(files.listStatus(folder)).sorted().toList()) {
                    update(digest, files, file);
                }
            }
        }
        return Checksum.hex(digest);
    }

    private static void update(MessageDigest digest, FileSystem files, FileStatus file) throws IOException {
        if (file.isDirectory() || file.getPath().getName().startsWith(".")) {
            return;
        }
        long size = file.getLen();
        digest.update("%s %d\n".formatted(file.getPath().getName(), size).getBytes(StandardCharsets.UTF_8));
        byte[] end = new byte[(int) Math.min(END, size)];
        try (FSDataInputStream in = files.open(file.getPath())) {
            in.readFully(size - end.length, end);
        }
        digest.update(end);
    }
}
