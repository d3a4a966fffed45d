package org.dti4j.metric;

/**
 * What an evaluation found; the fields are those of {@code metrics.json}. Whatever the targets do not determine is NaN:
 * the AUC and its interval when all labels are equal, the interval of the log loss with fewer than two users, everything
 * but the counts without targets.
 *
 * @param auc area under the ROC curve, ties counted half
 * @param aucLow lower end of its 95 % interval (DeLong)
 * @param aucHigh upper end
 * @param logLoss mean over the targets, natural logarithm, probabilities clipped to 1e-7 … 1 − 1e-7
 * @param logLossLow lower end of its 95 % interval (bootstrap over users)
 * @param logLossHigh upper end
 * @param f1 at 0.5
 * @param accuracy at 0.5
 * @param calibrationError expected calibration error over 15 bins of equal width
 * @param targets how many targets
 * @param positives how many of them have the label 1
 */
public record Metrics(
        double auc,
        double aucLow,
        double aucHigh,
        double logLoss,
        double logLossLow,
        double logLossHigh,
        double f1,
        double accuracy,
        double calibrationError,
        int targets,
        int positives) {

    /** All metrics of {@code predictions}, with 1,000 resamples of the users drawn from {@code seed}. */
    public static Metrics of(Predictions predictions, long seed) {
        return of(predictions, new UserBootstrap(seed));
    }

    public static Metrics of(Predictions predictions, UserBootstrap bootstrap) {
        Auc auc = Auc.of(predictions);
        Interval aucInterval = auc.interval();
        Interval logLossInterval = LogLoss.interval(predictions, bootstrap);
        Confusion confusion = Confusion.of(predictions);
        return new Metrics(
                auc.value(),
                aucInterval.low(),
                aucInterval.high(),
                LogLoss.of(predictions),
                logLossInterval.low(),
                logLossInterval.high(),
                confusion.f1(),
                confusion.accuracy(),
                Calibration.of(predictions).error(),
                predictions.targets(),
                predictions.positives());
    }
}
