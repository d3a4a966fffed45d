package org.dti4j.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.dti4j.problem.UserException;

/**
 * A run folder on a file system that Hadoop knows, and its local copy, which the first peer works in. A file or state appears there under its
 * name when it is whole; a state comes after the log of the steps that it knows of.
 */
final class RemoteRun {
    private static final String STATE = "state";

    private final org.apache.hadoop.fs.Path remote;
    private final Path local;
    private final FileSystem files;

    /** @param remote the run folder, for instance {@code hdfs://…/runs/dti} */
    RemoteRun(String remote, Path local) {
        this.remote = new org.apache.hadoop.fs.Path(remote);
        this.local = local;
        try {
            files = this.remote.getFileSystem(configuration());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Hadoop's, with what the user gave Spark as {@code spark.hadoop.…}: where stores are, and who may use them. */
    static Configuration configuration() {
        return SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
    }

    /** Whether there is a state to go on from. */
    boolean hasState() {
        try {
            return !states().isEmpty();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Copies the whole folder here. */
    void fetch() {
        try {
            if (files.exists(remote)) {
                fetch(remote, local);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void fetch(org.apache.hadoop.fs.Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (FileStatus status : files.listStatus(from)) {
            String name = status.getPath().getName();
            if (status.isDirectory()) {
                fetch(status.getPath(), to.resolve(name));
            } else if (!name.startsWith(".")) {
                files.copyToLocalFile(
                        false,
                        status.getPath(),
                        new org.apache.hadoop.fs.Path(to.resolve(name).toUri()),
                        true);
            }
        }
    }

    /** Brings the newest state there, after the logs, and takes away those that are gone here. */
    void publishState() {
        try {
            publishFiles();
            List<String> here = names(local.resolve(STATE));
            for (String name : here) {
                org.apache.hadoop.fs.Path whole = state(name);
                if (!files.exists(whole)) {
                    org.apache.hadoop.fs.Path partial = state("partial");
                    files.delete(partial, true);
                    copy(local.resolve(STATE).resolve(name), partial);
                    rename(partial, whole);
                }
            }
            for (FileStatus there : states()) {
                if (!here.contains(there.getPath().getName())) {
                    files.delete(there.getPath(), true);
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Brings everything there. */
    void publish() {
        try {
            publishState();
            for (String folder : List.of("model", "adapter")) {
                if (Files.isDirectory(local.resolve(folder))) {
                    org.apache.hadoop.fs.Path whole = new org.apache.hadoop.fs.Path(remote, folder);
                    files.delete(whole, true);
                    copy(local.resolve(folder), whole);
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void publishFiles() throws IOException {
        files.mkdirs(new org.apache.hadoop.fs.Path(remote, STATE));
        try (Stream<Path> content = Files.list(local)) {
            for (Path file : (Iterable<Path>) content.filter(Files::isRegularFile)::iterator) {
                String name = String.valueOf(file.getFileName());
                if (!name.startsWith(".")) {
                    org.apache.hadoop.fs.Path partial = new org.apache.hadoop.fs.Path(remote, "." + name + ".partial");
                    copy(file, partial);
                    rename(partial, new org.apache.hadoop.fs.Path(remote, name));
                }
            }
        }
    }

    private void copy(Path from, org.apache.hadoop.fs.Path to) throws IOException {
        files.copyFromLocalFile(false, true, new org.apache.hadoop.fs.Path(from.toUri()), to);
    }

    /** Hadoop's rename replaces nothing. */
    private void rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
        files.delete(to, true);
        if (!files.rename(from, to)) {
            throw new IOException("%s cannot be renamed to %s".formatted(from, to));
        }
    }

    private org.apache.hadoop.fs.Path state(String name) {
        return new org.apache.hadoop.fs.Path(new org.apache.hadoop.fs.Path(remote, STATE), name);
    }

    private List<FileStatus> states() throws IOException {
        org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(remote, STATE);
        List<FileStatus> found = new ArrayList<>();
        if (files.exists(folder)) {
            for (FileStatus status : files.listStatus(folder)) {
                if (status.getPath().getName().matches("\\d+")) {
                    found.add(status);
                }
            }
        }
        return found;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches("\\d+"))
                    .toList();
        }
    }

    private UserException failure(IOException e) {
        return new UserException("%s: cannot be read or written: %s".formatted(remote, e.getMessage()), e);
    }
}
