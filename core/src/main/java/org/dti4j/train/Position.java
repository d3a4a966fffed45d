package org.dti4j.train;

/**
 * How far a run has come, at a boundary between two steps.
 *
 * @param step optimiser steps made
 * @param epoch whole epochs behind, so also the index from 0 of the current one
 * @param stepInEpoch steps made in the current epoch
 * @param targets trained on so far
 * @param tokens of their prompts, context and prefix included
 * @param seconds spent on training, validation not counted
 */
public record Position(long step, int epoch, long stepInEpoch, long targets, long tokens, double seconds) {
    public static final Position START = new Position(0, 0, 0, 0, 0, 0);

    public Position {
        if (step < 0 || epoch < 0 || stepInEpoch < 0 || stepInEpoch > step || targets < 0 || tokens < 0) {
            throw new IllegalArgumentException("step %d, epoch %d, step in epoch %d, targets %d, tokens %d"
                    .formatted(step, epoch, stepInEpoch, targets, tokens));
        }
    }

    Position afterStep(long moreTargets, long moreTokens, double moreSeconds) {
        return new Position(
                step + 1, epoch, stepInEpoch + 1, targets + moreTargets, tokens + moreTokens, seconds + moreSeconds);
    }

    Position nextEpoch() {
        return new Position(step, epoch + 1, 0, targets, tokens, seconds);
    }

    /** The current epoch as people count, from 1. */
    public int epochNumber() {
        return epoch + 1;
    }

    /**
     * For what the next step draws at random. It depends on the run's seed and the step alone: a resumed run draws what an unbroken one would
     * have drawn. By SplitMix64's finaliser, so that neighbouring steps get unrelated seeds.
     */
    long seed(long ofRun) {
        long z = ofRun * 0x9E3779B97F4A7C15L + step;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
