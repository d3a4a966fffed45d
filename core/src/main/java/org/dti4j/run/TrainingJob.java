package org.dti4j.run;

import java.nio.file.Files;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.distribute.Peers;
import org.dti4j.file.FolderLock;
import org.dti4j.metric.Metrics;
import org.dti4j.model.ModelConfig;
import org.dti4j.model.ModelConfig.PrecisionChoice;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.train.Hands;
import org.dti4j.train.LlamaLearner;
import org.dti4j.train.Position;
import org.dti4j.train.SavedState;
import org.dti4j.train.StepLog;
import org.dti4j.train.StopReason;
import org.dti4j.train.TrainListener;
import org.dti4j.train.TrainResult;
import org.dti4j.train.Trainer;
import org.jspecify.annotations.Nullable;

/** One training run, from prepared data to a full run folder. */
public final class TrainingJob {
    private final RunConfig config;
    private final PreparedData data;
    private final Host host;
    private final Progress progress;
    private final RunFiles files;
    private Consumer<MemoryEstimate> memory = estimate -> {};
    private Consumer<String> notes = note -> {};
    private @Nullable String yaml;
    private @Nullable Provenance earlier;
    private Catalogues catalogues = new Catalogues();
    private Peers peers = Peers.ALONE;
    private @Nullable TrainListener listener;
    private String device;

    public TrainingJob(RunConfig config, PreparedData data, Host host, Progress progress) {
        this.config = config;
        this.data = data;
        this.host = host;
        this.progress = progress;
        files = new RunFiles(config.out());
        device = config.model().device();
    }

    /** Who is told, before training begins, how much memory it is expected to need. */
    public TrainingJob memory(Consumer<MemoryEstimate> listener) {
        memory = listener;
        return this;
    }

    /** Who is told what the user should know though it stops nothing, such as that a damaged state was passed over. */
    public TrainingJob notes(Consumer<String> listener) {
        notes = listener;
        return this;
    }

    /** The text of {@code config.yaml}; without it, the run folder gets none. */
    public TrainingJob configuration(String text) {
        yaml = text;
        return this;
    }

    /** A run that this one repeats: both must begin with the same checkpoint. */
    public TrainingJob repeating(@Nullable Provenance run) {
        earlier = run;
        return this;
    }

    /** Takes the tokenised catalogue from earlier runs', if it is there. */
    public TrainingJob catalogues(Catalogues shared) {
        catalogues = shared;
        return this;
    }

    /** Who is told of steps, validations and states, besides the run folder; with several peers that of the first alone. */
    public TrainingJob listener(TrainListener told) {
        listener = told;
        return this;
    }

    /** Where this process computes, if not on {@code model.device}; the run folder does not tell. */
    public TrainingJob device(String here) {
        device = here;
        return this;
    }

    /**
     * Trains together with others, each with a job of the same configuration and data. The first validates, evaluates and writes the run
     * folder; the others write nothing.
     */
    public TrainingJob peers(Peers others) {
        peers = others;
        return this;
    }

    /**
     * How a run ended.
     *
     * @param metrics null when it was interrupted: the state is saved, and it can be resumed; null too for a peer that is not the first
     * @param test the test targets, null with {@code metrics}
     */
    public record Outcome(
            @Nullable RunMetrics metrics, @Nullable ScoredTargets test, TrainResult training) {}

    /**
     * Trains, evaluates and writes the run folder.
     *
     * @param resume goes on from the saved state, that of the first peer; a run that ended before its first one begins anew
     * @param interruption asked before each step, and between prompts that are scored
     * @throws org.dti4j.problem.UserException when another process trains in the run folder, when it holds a run already that is not
     *     to be resumed, when the run needs more memory than there is, before any of its steps, or when a peer is lost
     */
    public Outcome run(boolean resume, BooleanSupplier interruption) {
        if (!peers.first()) {
            return runLocked(Optional.empty(), interruption);
        }
        try (FolderLock lock = FolderLock.of(files.folder(), inUse())) {
            if (!resume) {
                files.requireNew();
            }
            if (resume && Files.exists(files.provenance())) {
                earlier = Provenance.read(files);
            }
            if (yaml != null) {
                RunFiles.writeText(files.config(), yaml);
            }
            return runLocked(resume ? saved() : Optional.empty(), interruption);
        }
    }

    private String inUse() {
        return "out = %s, must not be in use: another process trains in it; wait for its end, or name another folder"
                .formatted(files.folder());
    }

    private Optional<SavedState> saved() {
        Optional<SavedState> saved = SavedState.latest(files.state(), notes);
        if (saved.isEmpty()) {
            notes.accept("%s: no state was saved before the run ended; it begins anew".formatted(files.folder()));
        }
        return saved;
    }

    /** What scoring would refuse is not trained on. */
    private void requireRatingsThatPromptsCanSay() {
        if (!config.prompt().feedback().contains("{rating}")) {
            return;
        }
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i = 0; i < history.size(); i++) {
                if (!Catalogue.says(history.rating(i))) {
                    throw new UserException(
                            "prompt.feedback = %s, must not say {rating}: user %s of the data has the rating %s, and prompts can say those of at most one decimal up to %d"
                                    .formatted(
                                            config.prompt().feedback(),
                                            history.user(),
                                            history.rating(i),
                                            Catalogue.LARGEST_RATING));
                }
            }
        }
    }

    private Outcome runLocked(Optional<SavedState> saved, BooleanSupplier interruption) {
        requireRatingsThatPromptsCanSay();
        try (ClickModel model = ClickModel.start(here(), data.items(), host)) {
            Provenance provenance = Provenance.of(config, model, data, host, yaml);
            if (earlier != null) {
                earlier.requireData(data.hash(), files.folder());
                provenance.requireSameCheckpoint(earlier);
            }
            TokenizedCatalogue catalogue = catalogues.of(config, data, model.segments(), progress);
            tellWhatPromptsLack(catalogue);
            PromptWriter prompts = new PromptWriter(data, catalogue, model.segments());
            JobEvaluations evaluations = JobEvaluations.of(config, model, data, prompts, progress);
            StreamPlan streams = streams();
            memory.accept(memory(model, prompts, streams, evaluations.all()));
            if (peers.first()) {
                RunFiles.writeText(files.provenance(), RunJson.page(provenance));
            }
            TrainResult result = train(model, prompts, streams, evaluations, saved, interruption);
            if (result.stopReason() == StopReason.INTERRUPTED || !peers.first()) {
                return new Outcome(null, null, result);
            }
            model.save(files);
            ScoringFiles.write(files, config, data.items());
            return evaluate(evaluations, result, interruption);
        }
    }

    /** When it is broken off, the run is as after an interrupted training: going on trains no more and evaluates again. */
    private Outcome evaluate(JobEvaluations evaluations, TrainResult result, BooleanSupplier interruption) {
        Optional<ScoredTargets> scored = evaluations.test(interruption);
        Optional<Metrics> validation =
                scored.isEmpty() ? Optional.empty() : evaluations.best(result.best(), files, interruption);
        if (scored.isEmpty() || validation.isEmpty()) {
            return new Outcome(null, null, result.interrupted());
        }
        ScoredTargets test = scored.get();
        RunMetrics metrics = new RunMetrics(
                validation.get(), evaluations.metrics(test), RunMetrics.Training.of(result, host.peakResidentBytes()));
        PredictionFile.write(files.predictions(), data, test);
        RunFiles.writeText(files.metrics(), RunJson.page(metrics));
        return new Outcome(metrics, test, result);
    }

    /** On this process's device, in the precision that the run has already, or that the first peer measures: peers sum gradients of one model. */
    RunConfig here() {
        RunConfig here = config.withDevice(device);
        RunConfig settled = earlier == null ? here : earlier.settled(here);
        if (config.model().precision() != PrecisionChoice.AUTO) {
            return settled;
        }
        String chosen =
                peers.first() ? ModelLoader.precision(settled, host::nanoTime).name() : null;
        ModelConfig section = settled.model();
        return settled.withModel(
                section.withPrecision(PrecisionChoice.valueOf(Objects.requireNonNull(peers.fromFirst(chosen)))));
    }

    private void tellWhatPromptsLack(TokenizedCatalogue catalogue) {
        if (catalogue.truncated() > 0) {
            notes.accept(String.format(
                    Locale.ROOT,
                    "%,d of %,d items are longer than prompt.maxItemTokens = %d tokens; of these the first are read",
                    catalogue.truncated(),
                    catalogue.items(),
                    config.prompt().maxItemTokens()));
        }
        if (catalogue.unknown() > 0) {
            notes.accept(String.format(
                    Locale.ROOT,
                    "%,d of %,d items have words that the vocabulary lacks, which are read as unknown",
                    catalogue.unknown(),
                    catalogue.items()));
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
        MemoryCheck check = MemoryCheck.of(model.config(), host);
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
            JobEvaluations evaluations,
            Optional<SavedState> saved,
            BooleanSupplier interruption) {
        Hands hands = Hands.among(peers, model.workers());
        try (LlamaLearner learner = model.learner(config.method(), prompts::write, prompts::tokens, hands)) {
            Trainer trainer = new Trainer(
                            config.train(),
                            learner,
                            new PlannedSteps(streams, config.train(), learner::tokens, hands.all()),
                            host::nanoTime)
                    .peers(peers)
                    .progress(progress)
                    .interruption(interruption);
            Position from = saved.map(state -> state.training().position()).orElse(Position.START);
            ValidationLog validations = ValidationLog.from(files, from.targets());
            if (evaluations.validates()) {
                trainer.validation(at -> evaluations.validate(validations, at, interruption));
            }
            if (!peers.first()) {
                return trainer.train();
            }
            try (StepLog log = StepLog.resume(config.out(), from.step())) {
                saved.ifPresent(trainer::resume);
                if (listener != null) {
                    trainer.listener(listener);
                }
                return trainer.stateFolder(files.state())
                        .listener(log)
                        .listener(new DivergenceKeeper(model, data, prompts, files, notes))
                        .train();
            }
        }
    }
}
