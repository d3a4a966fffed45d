package org.dti4j.train;

/** Is told what happens in a run, on the training thread; an exception that it throws ends the run. */
public interface TrainListener {
    /** After each optimiser step. */
    default void onStep(StepReport report) {}

    /** After each validation; the weights are still those that were validated. */
    default void onValidation(ValidationReport report) {}

    /** When loss or gradient stopped being finite, before the run ends of it. */
    default void onDivergence(Diverged diverged) {}

    /** Before the state at {@code position} is saved: what was kept of the steps so far must not be lost after it. */
    default void onSave(Position position) {}

    /** After the state at {@code position} is on the disk. */
    default void onSaved(Position position) {}
}
