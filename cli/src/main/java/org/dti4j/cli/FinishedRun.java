package org.dti4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.cli.report.ReportRun;
import org.dti4j.cli.report.RunColour;
import org.dti4j.data.PreparedData;
import org.dti4j.run.PredictionFile;
import org.dti4j.run.Provenance;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.RunMetrics;
import org.dti4j.run.ScoredTargets;
import org.dti4j.run.ValidationLog;
import org.dti4j.train.StepLog;

/**
 * All that a finished run left in its folder.
 *
 * @param name what a report calls it
 */
record FinishedRun(
        String name,
        RunFiles files,
        RunConfig config,
        RunMetrics metrics,
        Provenance provenance,
        ScoredTargets test,
        List<ReportRun.TrainingPoint> training,
        List<ReportRun.ValidationPoint> validation) {
    /** @throws org.dti4j.problem.UserException if one is not finished, or was trained on other data than these */
    static List<FinishedRun> read(List<Path> folders, PreparedData data) {
        List<String> names = RunNames.of(folders);
        return IntStream.range(0, folders.size())
                .mapToObj(i -> read(names.get(i), folders.get(i), data))
                .toList();
    }

    private static FinishedRun read(String name, Path folder, PreparedData data) {
        RunFiles files = new RunFiles(folder);
        Provenance provenance = Provenance.read(files);
        provenance.requireData(data.hash(), folder);
        return new FinishedRun(
                name,
                files,
                RunFolder.config(folder),
                RunMetrics.read(files),
                provenance,
                PredictionFile.read(files.predictions(), data),
                StepLog.readSteps(folder).stream()
                        .map(step -> new ReportRun.TrainingPoint(step.targets(), step.seconds(), step.loss()))
                        .toList(),
                ValidationLog.read(files).stream()
                        .map(point -> new ReportRun.ValidationPoint(
                                point.targets(),
                                point.seconds(),
                                point.metrics().auc(),
                                point.metrics().logLoss()))
                        .toList());
    }

    boolean isSlidingWindow() {
        return config.method().targets().count() == 1;
    }

    ReportRun toReport(int index) {
        return new ReportRun(
                name,
                RunColour.of(index),
                metrics.test(),
                metrics.train().targets(),
                metrics.train().seconds(),
                training,
                validation,
                test.predictions());
    }
}
