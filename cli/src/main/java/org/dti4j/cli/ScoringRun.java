package org.dti4j.cli;

import java.nio.file.Path;
import org.dti4j.data.PreparedData;
import org.dti4j.progress.Progress;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.Kept;

/** Opens a run folder for scoring. */
final class ScoringRun {
    private ScoringRun() {}

    /** From what the folder holds; a run of an earlier version takes the catalogue from its prepared data. */
    static ClickScorer open(Path run, Progress progress) {
        return open(run, Kept.nothing(), progress);
    }

    static ClickScorer open(Path run, Kept kept, Progress progress) {
        if (ClickScorer.opens(run)) {
            return ClickScorer.load(run, System::nanoTime, kept);
        }
        return ClickScorer.load(
                RunFolder.config(run), run, prepared(run, progress).items(), System::nanoTime, kept, progress);
    }

    static PreparedData prepared(Path run, Progress progress) {
        return new PreparedStore(RunFolder.config(run), progress).open();
    }
}
