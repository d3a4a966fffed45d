package org.dti4j.spark;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file system that only Hadoop knows, {@code far://store/…}: a folder of this machine's under another name. Which one, only Hadoop's setting
 * {@code fs.far.folder} says.
 */
public final class FarFileSystem extends RawLocalFileSystem {
    static final String ROOT = "far://store";

    @Override
    public URI getUri() {
        return URI.create(ROOT);
    }

    @Override
    public String getScheme() {
        return "far";
    }

    @Override
    public File pathToFile(Path path) {
        checkPath(path);
        return new File(getConf().get("fs.far.folder"), path.toUri().getPath());
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return named(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return Stream.of(super.listStatus(path)).map(this::named).toArray(FileStatus[]::new);
    }

    /** The local file's own path would betray where it lies. */
    private FileStatus named(FileStatus status) {
        String local = status.getPath().toUri().getPath();
        String folder = getConf().get("fs.far.folder");
        status.setPath(new Path(ROOT + (local.startsWith(folder) ? local.substring(folder.length()) : local)));
        return status;
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(ROOT + "/");
    }

    @Override
    protected Path getInitialWorkingDirectory() {
        return getWorkingDirectory();
    }
}
