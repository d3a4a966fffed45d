package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dti4j.cli.config.ConfigSource;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;

/** Reads run folders. */
final class RunFolder {
    private RunFolder() {}

    /**
     * Of a finished run little may be overridden.
     *
     * @param done what is done with the run, for the message
     * @param sections that may be
     */
    static void requireOf(List<String> overrides, String done, String... sections) {
        List<String> problems = overrides.stream()
                .filter(override -> Stream.of(sections)
                        .noneMatch(section -> override.strip().startsWith(section + ".")))
                .map(override -> "--set %s: must be a key of %s: a run is %s as it was trained"
                        .formatted(override, String.join(" or ", sections), done))
                .toList();
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
    }

    /** Whether a run was begun in the folder of a configuration, but with another one. */
    static boolean holdsAnother(RunConfig config) {
        RunFiles files = new RunFiles(config.out());
        return isBegun(files)
                && !(Files.exists(files.config())
                        && RunConfigs.write(config(config.out())).equals(RunConfigs.write(config)));
    }

    static boolean isBegun(RunFiles files) {
        return Files.exists(files.metrics()) || Files.exists(files.state()) || Files.exists(files.diverged());
    }

    /** The configuration that a run was trained with. */
    static RunConfig config(Path run) {
        return config(run, List.of());
    }

    /** The same with overrides, for what may differ after training. */
    static RunConfig config(Path run, List<String> overrides) {
        Path file = new RunFiles(run).config();
        if (!Files.isDirectory(run)) {
            throw new UserException("%s: no such folder, must be the folder of a run".formatted(run));
        }
        if (!Files.exists(file)) {
            throw new UserException("%s: has no config.yaml, must be the folder of a run".formatted(run));
        }
        return RunConfigs.read(
                ConfigSource.of(file), overrides, RunConfigs.defaults(Home.folder(), run.toAbsolutePath()));
    }
}
