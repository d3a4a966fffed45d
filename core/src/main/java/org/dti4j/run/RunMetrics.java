package org.dti4j.run;

import java.nio.file.Files;
import java.util.Locale;
import java.util.Objects;
import org.dti4j.metric.Metrics;
import org.dti4j.problem.UserException;
import org.dti4j.train.TrainResult;

/**
 * The content of {@code metrics.json}.
 *
 * @param validation metrics of the validation part, by the weights that were kept
 * @param test metrics of the test part
 * @param train what training cost
 */
public record RunMetrics(Metrics validation, Metrics test, Training train) {
    public RunMetrics {
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(test, "test");
        Objects.requireNonNull(train, "train");
    }

    /** Reads a run's metrics. */
    public static RunMetrics read(RunFiles files) {
        if (!Files.exists(files.metrics())) {
            throw new UserException(
                    "%s: has no metrics.json, must be the folder of a finished run".formatted(files.folder()));
        }
        return RunJson.read(
                files.metrics().toString(), "metrics.json", RunFiles.readText(files.metrics()), RunMetrics.class);
    }

    /**
     * What training cost.
     *
     * @param targets trained on, repetitions counted
     * @param seconds validation not counted
     * @param msPerTarget milliseconds per target
     * @param tokensPerSecond tokens of prompts per second
     * @param epochs passes over the training targets, the last one perhaps a part
     * @param bestEpoch the epoch, counted from 1, whose weights were kept
     * @param peakRssBytes the most memory that the process held
     * @param stopped why training ended
     */
    public record Training(
            long targets,
            double seconds,
            double msPerTarget,
            double tokensPerSecond,
            double epochs,
            int bestEpoch,
            long peakRssBytes,
            String stopped) {
        static Training of(TrainResult result, long peakRssBytes) {
            return new Training(
                    result.targets(),
                    result.seconds(),
                    result.msPerTarget(),
                    result.tokensPerSecond(),
                    result.epochs(),
                    bestEpoch(result),
                    peakRssBytes,
                    result.stopReason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }

        /** The epoch, counted from 1, in which the weights that were kept were trained; 0 without validation. */
        private static int bestEpoch(TrainResult result) {
            var best = result.best();
            return best == null ? 0 : (int) Math.ceil(best.targets() * result.epochs() / result.targets());
        }
    }
}
