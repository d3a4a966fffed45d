package org.dti4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.dti4j.file.DiskFolder;
import org.dti4j.problem.UserException;

/** A folder of any file system of Hadoop's, as one of this machine: itself if it lies here, or else a copy, which is deleted by closing this. */
record LocalFolder(Path path, boolean copied) implements AutoCloseable {
    /** @param folder without a scheme on Hadoop's default file system, as everywhere in Spark */
    static LocalFolder of(String folder) {
        org.apache.hadoop.fs.Path wanted = new org.apache.hadoop.fs.Path(folder);
        try {
            FileSystem files = wanted.getFileSystem(RemoteRun.configuration());
            if (files.getUri().getScheme().equals("file")) {
                return new LocalFolder(
                        Path.of(files.makeQualified(wanted).toUri().getPath()), false);
            }
        } catch (IOException e) {
            throw new UserException("%s: cannot be read: %s".formatted(folder, e.getMessage()), e);
        }
        LocalFolder copy = temporary();
        try {
            new RemoteRun(folder, copy.path()).fetch();
            return copy;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** An empty folder. */
    static LocalFolder temporary() {
        try {
            return new LocalFolder(Files.createTempDirectory("dti4j"), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (copied) {
            try {
                DiskFolder.delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
