package org.dti4j.run;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Metrics;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.score.EvaluateConfig.EvaluationLayout;
import org.dti4j.train.LlamaLearner;
import org.dti4j.train.Position;
import org.dti4j.train.StepLog;
import org.dti4j.train.StopReason;
import org.dti4j.train.TrainConfig;
import org.dti4j.train.TrainResult;
import org.dti4j.train.Trainer;
import org.dti4j.train.TrainingState;
import org.jspecify.annotations.Nullable;

/** One training run, from prepared data to a full run folder. */
public final class TrainingJob {
    private final RunConfig config;
    private final PreparedData data;
    private final Host host;
    private final Progress progress;
    private final RunFiles files;
    private Consumer<MemoryEstimate> memory = estimate -> {};
    private Catalogues catalogues = new Catalogues();

    public TrainingJob(RunConfig config, PreparedData data, Host host, Progress progress) {
        this.config = config;
        this.data = data;
        this.host = host;
        this.progress = progress;
        files = new RunFiles(config.out());
    }

    /** Who is told, before training begins, how much memory it is expected to need. */
    public TrainingJob memory(Consumer<MemoryEstimate> listener) {
        memory = listener;
        return this;
    }

    /** Takes the tokenised catalogue from those of earlier runs, if it is among them. */
    public TrainingJob catalogues(Catalogues shared) {
        catalogues = shared;
        return this;
    }

    /**
     * How a run ended.
     *
     * @param metrics null when it was interrupted: the state is saved, and it can be resumed
     * @param test the test targets, null when interrupted
     */
    public record Outcome(
            @Nullable RunMetrics metrics, @Nullable ScoredTargets test, TrainResult training) {}

    /**
     * Trains, evaluates and writes the run folder.
     *
     * @param resume goes on from the saved state
     * @param interruption asked before each step
     * @throws org.dti4j.problem.UserException when the run needs more memory than there is, before any of its steps
     */
    public Outcome run(boolean resume, BooleanSupplier interruption) {
        try (ClickModel model = ClickModel.start(config, data.items(), host)) {
            PromptWriter prompts =
                    new PromptWriter(data, catalogues.of(config, data, model.segments(), progress), model.segments());
            TrainConfig train = config.train();
            Evaluation validation = new Evaluation(
                    model,
                    data,
                    prompts,
                    Part.VALIDATION,
                    EvaluationLayout.SLIDING,
                    train.validationTargets(),
                    train.seed());
            Evaluation test = new Evaluation(
                    model,
                    data,
                    prompts,
                    Part.TEST,
                    config.evaluate().layout(),
                    config.evaluate().maxTargets(),
                    config.evaluate().seed());
            StreamPlan streams = streams();
            memory.accept(memory(model, prompts, streams, List.of(validation, test)));
            writeProvenance(model);
            TrainResult result = train(model, prompts, streams, validation, resume, interruption);
            if (result.stopReason() == StopReason.INTERRUPTED) {
                return new Outcome(null, null, result);
            }
            model.save(files);
            return evaluate(validation, test, result);
        }
    }

    private StreamPlan streams() {
        return StreamPlan.of(
                TargetSet.of(data, Part.TRAIN, config.minContext()),
                config.method().context(),
                config.method().targets().count());
    }

    /** What the largest batch of the run needs. */
    private MemoryEstimate memory(
            ClickModel model, PromptWriter prompts, StreamPlan streams, List<Evaluation> evaluations) {
        MemoryCheck check = MemoryCheck.of(config, host);
        PlannedSteps steps = new PlannedSteps(streams, config.train(), prompts::tokens, model.workers());
        MemoryEstimate training =
                check.training(model, prompts, streams.isEmpty() ? Collections.emptyIterator() : steps.epoch(0, 0));
        return Stream.concat(
                        Stream.of(training),
                        evaluations.stream().map(evaluation -> check.scoring(model, prompts, evaluation)))
                .max(Comparator.comparingLong(MemoryEstimate::total))
                .orElseThrow();
    }

    private TrainResult train(
            ClickModel model,
            PromptWriter prompts,
            StreamPlan streams,
            Evaluation validation,
            boolean resume,
            BooleanSupplier interruption) {
        Position from = position(resume);
        ValidationLog validations = ValidationLog.from(files, from.targets());
        try (LlamaLearner learner = model.learner(config.method(), prompts::write, prompts::tokens);
                StepLog log = StepLog.resume(config.out(), from.step())) {
            Trainer trainer = new Trainer(
                            config.train(),
                            learner,
                            new PlannedSteps(streams, config.train(), learner::tokens, model.workers()),
                            host::nanoTime)
                    .listener(log)
                    .progress(progress)
                    .stateFolder(files.state())
                    .interruption(interruption);
            if (validation.size() > 0) {
                trainer.validation(at -> validate(validation, validations, at, interruption));
            }
            return (resume ? trainer.resume() : trainer).train();
        }
    }

    /** The validation AUC, NaN when it was broken off. */
    private double validate(Evaluation validation, ValidationLog log, Position at, BooleanSupplier interruption) {
        Optional<ScoredTargets> scored = validation.run("validation", progress, interruption);
        if (scored.isEmpty()) {
            return Double.NaN;
        }
        Metrics metrics =
                Metrics.of(scored.get().predictions(), config.evaluate().seed());
        log.add(new ValidationPoint(at.targets(), at.seconds(), metrics));
        return Double.isNaN(metrics.auc()) ? 0 : metrics.auc(); // one class only: nothing to choose by
    }

    /** Where the state stands that a run goes on from. */
    private Position position(boolean resume) {
        return resume
                ? TrainingState.read(files.state()).map(TrainingState::position).orElse(Position.START)
                : Position.START;
    }

    private Outcome evaluate(Evaluation validation, Evaluation test, TrainResult result) {
        long seed = config.evaluate().seed();
        Metrics validated = bestValidation(result)
                .orElseGet(
                        () -> Metrics.of(validation.run("validation", progress).predictions(), seed));
        ScoredTargets scored = test.run("test", progress);
        RunMetrics metrics = new RunMetrics(validated, Metrics.of(scored.predictions(), seed), cost(result));
        PredictionFile.write(files.predictions(), data, scored);
        RunFiles.writeText(files.metrics(), RunJson.page(metrics));
        return new Outcome(metrics, scored, result);
    }

    /** What was found when the weights that were kept were validated. */
    private Optional<Metrics> bestValidation(TrainResult result) {
        var best = result.best();
        return best == null
                ? Optional.empty()
                : ValidationLog.read(files).stream()
                        .filter(point -> point.targets() == best.targets())
                        .map(ValidationPoint::metrics)
                        .findFirst();
    }

    /** The epoch, counted from 1, in which the weights that were kept were trained; 0 without validation. */
    private static int bestEpoch(TrainResult result) {
        var best = result.best();
        return best == null ? 0 : (int) Math.ceil(best.targets() * result.epochs() / result.targets());
    }

    private RunMetrics.Training cost(TrainResult result) {
        return new RunMetrics.Training(
                result.targets(),
                result.seconds(),
                result.msPerTarget(),
                result.tokensPerSecond(),
                result.epochs(),
                bestEpoch(result),
                host.peakResidentBytes(),
                result.stopReason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private void writeProvenance(ClickModel model) {
        long parameters =
                model.parameters().values().stream().mapToLong(Tensor::numel).sum();
        Provenance provenance = new Provenance(
                host.facts(),
                config.train().seed(),
                data.hash(),
                "%s, %s".formatted(config.model().name(), model.llama().config()),
                model.llama().placement().precision().name().toLowerCase(Locale.ROOT),
                parameters);
        RunFiles.writeText(files.provenance(), RunJson.page(provenance));
    }
}
