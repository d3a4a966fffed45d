package org.dti4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.dti4j.cli.config.ConfigSource;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.data.PreparedData;
import org.dti4j.progress.Progress;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.Kept;
import org.dti4j.run.RunConfig;

/** Opens a run folder for scoring. */
final class ScoringRun {
    private ScoringRun() {}

    /** From what the folder holds. */
    static ClickScorer open(Path run, Progress progress) {
        return open(run, List.of(), Kept.nothing(), progress);
    }

    /**
     * From what the folder holds; a run of an earlier version takes the catalogue from its prepared data.
     *
     * @param overrides of section model alone: a run is scored as it was trained, but perhaps elsewhere
     */
    static ClickScorer open(Path run, List<String> overrides, Kept kept, Progress progress) {
        RunFolder.requireOf(overrides, "scored", "model");
        if (ClickScorer.opens(run)) {
            return ClickScorer.load(run, config -> overridden(run, config, overrides), System::nanoTime, kept);
        }
        return ClickScorer.load(
                RunFolder.config(run, overrides),
                run,
                prepared(run, progress).items(),
                System::nanoTime,
                kept,
                progress);
    }

    /** A run's configuration with overrides of section model alone. */
    static RunConfig config(Path run, List<String> overrides) {
        RunFolder.requireOf(overrides, "scored", "model");
        return overridden(run, RunFolder.config(run), overrides);
    }

    private static RunConfig overridden(Path run, RunConfig config, List<String> overrides) {
        Path here = Path.of("").toAbsolutePath();
        return overrides.isEmpty()
                ? config
                : RunConfigs.read(new ConfigSource(run.toString(), RunConfigs.write(config), here), overrides, config);
    }

    static PreparedData prepared(Path run, Progress progress) {
        return new PreparedStore(RunFolder.config(run), progress).open();
    }
}
