package org.dti4j.train;

/** Why a run ended. */
public enum StopReason {
    /** All epochs were trained. */
    EPOCHS,
    /** {@code train.maxTargets} was reached. */
    MAX_TARGETS,
    /** {@code train.maxSeconds} was reached. */
    MAX_SECONDS,
    /** {@code train.patience} validations brought nothing better. */
    PATIENCE,
    /** It was asked to stop; it can be resumed. */
    INTERRUPTED
}
