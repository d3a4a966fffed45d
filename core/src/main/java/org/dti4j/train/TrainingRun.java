package org.dti4j.train;

import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.distribute.PeerLost;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** One call of {@link Trainer#train}: the loop and what it owns. */
final class TrainingRun implements AutoCloseable {
    private final Trainer trainer;
    private final TrainConfig config;
    private final SortedMap<String, Tensor> parameters;
    private final Gradients gradients;
    private final AdamW optimiser;
    private final BestWeights bestWeights;
    private final LearningRate learningRate;
    private final Budget budget;
    private final @Nullable StateFolder states;
    private final Together together;
    private Position position = Position.START;
    private Validations validations = Validations.NONE;
    private long lastSavedTargets;

    TrainingRun(Trainer trainer) {
        this.trainer = trainer;
        this.config = trainer.config;
        this.parameters = trainer.learner.parameters();
        this.gradients = new Gradients(parameters);
        this.optimiser = new AdamW(parameters, config.weightDecay(), config.beta2());
        this.bestWeights = new BestWeights(parameters);
        this.learningRate = new LearningRate(config);
        this.budget = new Budget(config, trainer.source.targetsPerEpoch());
        this.together = new Together(trainer.peers, parameters);
        this.states = trainer.stateFolder == null ? null : new StateFolder(trainer.stateFolder, trainer.from);
    }

    TrainResult train() {
        try {
            begin();
            return trainToTheEnd();
        } catch (PeerLost e) {
            throw afterLoss(e);
        }
    }

    private void begin() {
        TrainingState state = together.begin(trainer.from, plan(), parameters, optimiser, bestWeights);
        if (state != null) {
            position = state.position();
            validations = state.validations();
            lastSavedTargets = position.targets();
        }
    }

    /** A step is made by all or not at all, so what stands is the state after the last one. */
    private UserException afterLoss(PeerLost loss) {
        return new UserException(
                "%s, after step %d; start all nodes again with --resume%s"
                        .formatted(loss.getMessage(), position.step(), savedAfter(loss)),
                loss);
    }

    /** Empty, or where --resume goes on if this state cannot be saved: a GPU may give nothing back once NCCL has broken off on it. */
    private String savedAfter(PeerLost loss) {
        if (states == null || position.targets() == lastSavedTargets || saveDespite(loss)) {
            return "";
        }
        String from = lastSavedTargets == 0 ? "begins anew" : "goes on after target %,d".formatted(lastSavedTargets);
        return ", which %s, as the state after this step could not be saved".formatted(from);
    }

    private TrainResult trainToTheEnd() {
        StopReason reason;
        try (TrainingProgress progress = new TrainingProgress(trainer.progress, budget, position)) {
            reason = runEpochs(progress);
        }
        if (reason != StopReason.INTERRUPTED && !validateTheEnd()) {
            reason = StopReason.INTERRUPTED;
        }
        if (reason == StopReason.INTERRUPTED) {
            saveState();
        } else {
            saveTheEnd();
            bestWeights.restore();
        }
        double epochs = (double) position.targets() / trainer.source.targetsPerEpoch();
        return new TrainResult(position, epochs, validations.best(), reason);
    }

    /** Without a validation nothing was saved at the end yet, and what comes after training may be broken off too. */
    private void saveTheEnd() {
        if (position.targets() != lastSavedTargets) {
            saveState();
        }
    }

    private boolean validateTheEnd() {
        return trainer.validation == null
                || position.targets() == validations.lastTargets()
                || validate(trainer.validation);
    }

    private StopReason runEpochs(TrainingProgress progress) {
        for (; position.epoch() < config.epochs(); position = position.nextEpoch()) {
            Iterator<Step> steps = trainer.source.epoch(position.epoch(), position.stepInEpoch());
            StopReason reason = runEpoch(steps, progress);
            if (reason != null) {
                return reason;
            }
        }
        return StopReason.EPOCHS;
    }

    /** Null when the epoch came to its end. What is due is read off the position, so a resumed run does what was still to do. */
    private @Nullable StopReason runEpoch(Iterator<Step> steps, TrainingProgress progress) {
        while (true) {
            if (together.interrupted(trainer.interruption)) {
                return StopReason.INTERRUPTED;
            }
            if (trainer.validation != null && validationIsDue(!steps.hasNext()) && !validate(trainer.validation)) {
                return StopReason.INTERRUPTED;
            }
            if (validations.exhaust(config.patience())) {
                return StopReason.PATIENCE;
            }
            if (config.saveEvery() > 0 && position.targets() - lastSavedTargets >= config.saveEvery()) {
                saveState();
            }
            if (!steps.hasNext()) {
                return null;
            }
            StopReason spent = budget.spent(position);
            if (spent != null) {
                return spent;
            }
            StepReport report = takeStep(steps);
            progress.advanceTo(position, report);
            trainer.listeners.forEach(listener -> listener.onStep(report));
        }
    }

    private boolean validationIsDue(boolean endOfEpoch) {
        long targets = position.targets() - validations.lastTargets();
        return config.validateEvery() > 0 ? targets >= config.validateEvery() : endOfEpoch && targets > 0;
    }

    private StepReport takeStep(Iterator<Step> steps) {
        long start = trainer.clock.getAsLong();
        Step step = budget.cut(steps.next(), position);
        double rate = learningRate.at(budget.done(position), budget.nextShare(position, step.targets()));
        try (Scope scope = Scope.open()) {
            double loss = accumulate(step) / step.targets();
            double norm = gradients.norm();
            requireFinite(
                    norm,
                    "the norm of the gradient",
                    step.microBatches().stream().flatMap(List::stream).toList());
            gradients.clip(norm, config.clip());
            optimiser.step(rate);
            return report(step, start, loss, rate, norm);
        }
    }

    private double accumulate(Step step) {
        gradients.zero();
        double[] sums = lossSums(step, position.seed(config.seed()));
        double loss = 0;
        for (int i = 0; i < sums.length; i++) {
            requireFinite(sums[i], "the loss", step.microBatches().get(i));
            loss += sums[i];
        }
        return loss;
    }

    /** No weight has changed yet: whatever breaks here, most likely for want of memory, what was learnt so far is saved. */
    private double[] lossSums(Step step, long seed) {
        try {
            return together.accumulate(trainer.learner, step, seed);
        } catch (PeerLost e) {
            throw e; // saved where it is met
        } catch (RuntimeException | Error failure) {
            saveDespite(failure);
            throw failure;
        }
    }

    private void requireFinite(double value, String what, List<Stream> streams) {
        if (!Double.isFinite(value)) {
            Diverged diverged = new Diverged(position, what, value, streams);
            trainer.listeners.forEach(listener -> listener.onDivergence(diverged));
            throw diverged.failure();
        }
    }

    private StepReport report(Step step, long start, double loss, double rate, double norm) {
        long tokens = step.microBatches().stream()
                .flatMap(List::stream)
                .mapToLong(trainer.learner::tokens)
                .sum();
        double seconds = together.byFirst(() -> (trainer.clock.getAsLong() - start) / 1e9);
        position = position.afterStep(step.targets(), tokens, seconds);
        return new StepReport(
                position.step(),
                position.epochNumber(),
                position.targets(),
                position.tokens(),
                loss,
                rate,
                norm,
                seconds > 0 ? step.targets() / seconds : 0,
                position.seconds());
    }

    /** False when the interruption broke it off. */
    private boolean validate(Validation validation) {
        double score;
        try (Scope scope = Scope.open()) {
            score = together.byFirst(() -> validation.score(position));
        }
        if (Double.isNaN(score)) {
            if (together.interrupted(trainer.interruption)) {
                return false;
            }
            throw new IllegalStateException("validation after step %d gave NaN".formatted(position.step()));
        }
        ValidationReport report = new ValidationReport(
                position.step(),
                position.epochNumber(),
                position.targets(),
                position.seconds(),
                score,
                validations.improves(score));
        if (report.best()) {
            bestWeights.remember();
        }
        validations = validations.and(report);
        trainer.listeners.forEach(listener -> listener.onValidation(report));
        saveState();
        return true;
    }

    /** Whether the state could be saved after something broke; what else breaks is told with it. */
    private boolean saveDespite(Throwable failure) {
        try {
            saveState();
            return true;
        } catch (RuntimeException | Error unsaved) {
            failure.addSuppressed(unsaved);
            return false;
        }
    }

    private void saveState() {
        if (states != null) {
            trainer.listeners.forEach(listener -> listener.onSave(position));
            new TrainingState(
                            position,
                            validations.best(),
                            validations.sinceBest(),
                            validations.lastTargets(),
                            optimiser.steps(),
                            plan())
                    .save(states, parameters, optimiser, bestWeights);
            trainer.listeners.forEach(listener -> listener.onSaved(position));
        }
        lastSavedTargets = position.targets();
    }

    private TrainingState.Plan plan() {
        return new TrainingState.Plan(config.seed(), config.targetsPerStep(), trainer.source.targetsPerEpoch());
    }

    @Override
    public void close() {
        bestWeights.close();
        optimiser.close();
        gradients.close();
        together.close();
    }
}
