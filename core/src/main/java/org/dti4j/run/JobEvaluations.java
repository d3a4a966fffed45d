package org.dti4j.run;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Metrics;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.score.EvaluateConfig;
import org.dti4j.score.EvaluateConfig.Draw;
import org.dti4j.score.EvaluateConfig.EvaluationLayout;
import org.dti4j.train.Position;
import org.dti4j.train.TrainConfig;
import org.dti4j.train.ValidationReport;
import org.jspecify.annotations.Nullable;

/** How a training job scores its model: on validation targets meanwhile, on test targets at the end. */
record JobEvaluations(Evaluation validation, Evaluation ofTest, long seed, Progress progress) {
    static JobEvaluations of(
            RunConfig config, ClickModel model, PreparedData data, PromptWriter prompts, Progress progress) {
        TrainConfig train = config.train();
        EvaluateConfig evaluate = config.evaluate();
        return new JobEvaluations(
                new Evaluation(
                        model,
                        data,
                        prompts,
                        Part.VALIDATION,
                        EvaluationLayout.SLIDING,
                        Draw.TARGETS,
                        train.validationTargets(),
                        train.seed()),
                new Evaluation(
                        model,
                        data,
                        prompts,
                        Part.TEST,
                        evaluate.layout(),
                        evaluate.drawFor(evaluate.layout()),
                        evaluate.maxTargets(),
                        evaluate.seed()),
                evaluate.seed(),
                progress);
    }

    List<Evaluation> all() {
        return List.of(validation, ofTest);
    }

    /** Whether there is anything to validate on. */
    boolean validates() {
        return validation.size() > 0;
    }

    /** The validation AUC, NaN when it was broken off. */
    double validate(ValidationLog log, Position at, BooleanSupplier interruption) {
        Optional<ScoredTargets> scored = validation.run("validation", progress, interruption);
        if (scored.isEmpty()) {
            return Double.NaN;
        }
        Metrics metrics = metrics(scored.get());
        log.add(new ValidationPoint(at.targets(), at.seconds(), metrics));
        return Double.isNaN(metrics.auc()) ? 0 : metrics.auc(); // one class only: nothing to choose by
    }

    /** What was found when the weights that were kept were validated; found now if nobody looked then. Empty when it was broken off. */
    Optional<Metrics> best(@Nullable ValidationReport kept, RunFiles files, BooleanSupplier interruption) {
        Optional<Metrics> logged = kept == null
                ? Optional.empty()
                : ValidationLog.read(files).stream()
                        .filter(point -> point.targets() == kept.targets())
                        .map(ValidationPoint::metrics)
                        .findFirst();
        return logged.or(
                () -> validation.run("validation", progress, interruption).map(this::metrics));
    }

    /** Empty when it was broken off. */
    Optional<ScoredTargets> test(BooleanSupplier interruption) {
        return ofTest.run("test", progress, interruption);
    }

    Metrics metrics(ScoredTargets scored) {
        return Metrics.of(scored.predictions(), seed);
    }
}
