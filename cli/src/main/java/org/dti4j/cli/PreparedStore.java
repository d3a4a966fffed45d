package org.dti4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dti4j.cli.config.ConfigReader;
import org.dti4j.cli.config.ConfigSource;
import org.dti4j.cli.config.ConfigWriter;
import org.dti4j.data.DataConfig;
import org.dti4j.data.Preparation;
import org.dti4j.data.PreparedData;
import org.dti4j.data.PreparedFolder;
import org.dti4j.data.Statistics;
import org.dti4j.file.FolderLock;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.jspecify.annotations.Nullable;

/** The prepared folder of a run: made when it is not there or older than the log files, and never mistaken for another's. */
final class PreparedStore {
    private static final String STATISTICS = "stats.json";
    /** The section {@code data} that the folder was made from. */
    private static final String SECTION = "data.yaml";

    private final RunConfig config;
    private final Path folder;
    private final Progress progress;

    PreparedStore(RunConfig config, Progress progress) {
        this.config = config;
        this.folder = Objects.requireNonNull(config.prepared(), "written out when the configuration was read");
        this.progress = progress;
    }

    Path folder() {
        return folder;
    }

    /** Prepares the folder, whether or not it is there. */
    Statistics prepare() {
        try (FolderLock lock = lock()) {
            return prepareLocked();
        }
    }

    private Statistics prepareLocked() {
        Statistics statistics = Preparation.prepare(config.data(), folder, Instant.now(), progress);
        RunFiles.writeText(folder.resolve(SECTION), ConfigWriter.write(config.data()));
        return statistics;
    }

    /** Loads the data, prepared now if need be. */
    PreparedData open() {
        if (!isFresh()) {
            try (FolderLock lock = lock()) {
                if (!isFresh()) { // another process may have prepared it meanwhile
                    prepareLocked();
                }
            }
        }
        return PreparedFolder.open(folder, progress);
    }

    /** @throws UserException if the folder holds other data */
    private boolean isFresh() {
        if (!Files.exists(folder.resolve(STATISTICS))) {
            return false;
        }
        if (!madeFrom().equals(config.data())) {
            throw new UserException(
                    "prepared = %s, must be another folder: this one was made from another section data (its %s says which; dti prepare would replace it)"
                            .formatted(folder, SECTION));
        }
        return !isOlderThan(config.data().interactions())
                && !isOlderThan(config.data().items());
    }

    /** Processes that train together, or experiments side by side, all begin with this folder: one prepares it, the others wait. */
    private FolderLock lock() {
        Optional<FolderLock> lock = FolderLock.beside(folder);
        if (lock.isPresent()) {
            return lock.get();
        }
        try (Progress.Task task = progress.begin("waiting for another process that prepares " + folder, -1)) {
            task.note("seconds so far");
            while (lock.isEmpty()) {
                TimeUnit.SECONDS.sleep(1);
                task.advance(1);
                lock = FolderLock.beside(folder);
            }
            return lock.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Read, not compared as text: a key that the program has come to know since has its default. */
    private DataConfig madeFrom() {
        Path file = folder.resolve(SECTION);
        return Files.exists(file)
                ? ConfigReader.read(ConfigSource.of(file), List.of(), DataConfig.class, DataConfig.defaults())
                : config.data();
    }

    private boolean isOlderThan(@Nullable Path log) {
        try {
            return log != null
                    && Files.exists(log)
                    && Files.getLastModifiedTime(folder.resolve(STATISTICS)).compareTo(Files.getLastModifiedTime(log))
                            < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
