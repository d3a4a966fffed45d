package org.dti4j.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.dti4j.distribute.Peers;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Trains a {@link Learner} by AdamW until its epochs, targets, time or patience run out, or it is asked to stop. With a validation, the
 * learner ends with the best weights that were validated.
 *
 * <pre>{@code
 * TrainResult result = new Trainer(config, learner, steps, System::nanoTime)
 *         .validation(at -> auc(scorer))
 *         .listener(log)
 *         .stateFolder(run.resolve("state"))
 *         .interruption(stop::get)
 *         .train();
 * }</pre>
 */
public final class Trainer {
    final TrainConfig config;
    final Learner learner;
    final StepSource source;
    final LongSupplier clock;
    final List<TrainListener> listeners = new ArrayList<>();

    @Nullable
    Validation validation;

    @Nullable
    Path stateFolder;

    Peers peers = Peers.ALONE;
    Progress progress = Progress.SILENT;
    BooleanSupplier interruption = () -> false;

    @Nullable
    SavedState from;

    /**
     * @param config how to train
     * @param learner what to train
     * @param source the steps of each epoch
     * @param clock nanoseconds from any origin, never running backwards
     */
    public Trainer(TrainConfig config, Learner learner, StepSource source, LongSupplier clock) {
        this.config = config;
        this.learner = learner;
        this.source = source;
        this.clock = clock;
    }

    /** Scores the weights each epoch, or every {@code train.validateEvery} targets, and at the end. */
    public Trainer validation(Validation validation) {
        this.validation = validation;
        return this;
    }

    /** Adds a listener; they are told in the order of their adding. */
    public Trainer listener(TrainListener listener) {
        listeners.add(listener);
        return this;
    }

    public Trainer progress(Progress progress) {
        this.progress = progress;
        return this;
    }

    /** Asked before each step; once it says true, the run saves its state, if it has a folder for it, and ends. */
    public Trainer interruption(BooleanSupplier interruption) {
        this.interruption = interruption;
        return this;
    }

    /** Where to save the state after each validation, every {@code train.saveEvery} targets and when interrupted; by default nowhere. */
    public Trainer stateFolder(Path folder) {
        this.stateFolder = folder;
        return this;
    }

    /**
     * Trains together with others, by default alone. All make the same trainer, of the same steps, with a learner that takes its own share of
     * each ({@link Hands}); the first alone validates, and should alone have a folder for its state. Its weights and state are everybody's.
     */
    public Trainer peers(Peers peers) {
        this.peers = peers;
        return this;
    }

    /** Goes on from a saved state, instead of from the learner's weights as they are. */
    public Trainer resume(SavedState saved) {
        this.from = saved;
        return this;
    }

    /**
     * Runs to the end.
     *
     * @throws UserException when there is nothing to train on, when loss or gradient stop being finite, or when a state cannot be read
     *     or written, or when one of the peers is lost
     */
    public TrainResult train() {
        if (source.targetsPerEpoch() < 1) {
            throw new UserException(
                    "there is no target to train on: the training part of the data has no interaction with "
                            + "enough context before it (train.minContext, method.context)");
        }
        try (TrainingRun run = new TrainingRun(this)) {
            return run.train();
        }
    }
}
