package org.dti4j.progress;

/** Asks long work to stop at its next safe point and to keep what it has; the command line raises it at Ctrl-C. */
@FunctionalInterface
public interface Interruption {
    /** Never asks. */
    Interruption NEVER = () -> false;

    /** Whether the work should stop now. Cheap: asked at every step. */
    boolean requested();
}
