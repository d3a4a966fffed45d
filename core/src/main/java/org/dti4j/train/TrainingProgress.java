package org.dti4j.train;

import java.util.Locale;
import org.dti4j.progress.Progress;

/** Shows a run as one task over its targets, with loss, rate and time left. */
final class TrainingProgress implements AutoCloseable {
    private static final double MEMORY = 0.9; // of the loss that is shown: one step's is too noisy to read

    private final Progress.Task task;
    private final Budget budget;
    private final Position start;
    private long shown;
    private double loss = Double.NaN;

    TrainingProgress(Progress progress, Budget budget, Position start) {
        this.task = progress.begin("training", budget.plannedTargets());
        this.budget = budget;
        this.start = start;
        advance(start.targets());
    }

    void advanceTo(Position position, StepReport report) {
        loss = Double.isNaN(loss) ? report.loss() : MEMORY * loss + (1 - MEMORY) * report.loss();
        task.note(String.format(
                Locale.ROOT,
                "epoch %d, loss %.4f, %.4g targets/s, %s left",
                report.epoch(),
                loss,
                report.targetsPerSecond(),
                duration(budget.secondsLeft(start, position))));
        advance(position.targets()); // after the note, so that a line has this step's
    }

    private void advance(long targets) {
        task.advance(targets - shown);
        shown = targets;
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? "%d min %02d s".formatted(whole / 60, whole % 60)
                : "%d h %02d min".formatted(whole / 3600, whole / 60 % 60);
    }

    @Override
    public void close() {
        task.close();
    }
}
