package org.dti4j.cli.report;

import java.util.List;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.Predictions;
import org.jspecify.annotations.Nullable;

/**
 * A trained run.
 *
 * @param name short, as in tables and legends, for instance {@code dti}
 * @param colour its colour in all drawings
 * @param test metrics of the test part
 * @param targets how many targets it was trained on, repetitions counted
 * @param seconds how long training took, validation not counted
 * @param training the training loss, a point per step
 * @param validation a point per validation
 * @param predictions of the test targets, for ROC and calibration; null when they were not kept
 */
public record ReportRun(
        String name,
        RunColour colour,
        Metrics test,
        long targets,
        double seconds,
        List<TrainingPoint> training,
        List<ValidationPoint> validation,
        @Nullable Predictions predictions) {

    public ReportRun {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    /**
     * The loss of an optimiser step: cross-entropy over the whole vocabulary.
     *
     * @param targets trained on so far
     * @param seconds of training so far
     * @param loss of the step
     */
    public record TrainingPoint(long targets, double seconds, double loss) {}

    /**
     * What a validation found.
     *
     * @param targets trained on so far
     * @param seconds of training so far
     * @param auc on the validation part, NaN when undefined
     * @param logLoss on the validation part
     */
    public record ValidationPoint(long targets, double seconds, double auc, double logLoss) {}
}
