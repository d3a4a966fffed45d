package org.dti4j.spark;

import java.io.File;
import java.net.URI;
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
    public Path getWorkingDirectory() {
        return new Path(ROOT + "/");
    }

    @Override
    protected Path getInitialWorkingDirectory() {
        return getWorkingDirectory();
    }
}
