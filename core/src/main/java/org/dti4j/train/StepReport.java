package org.dti4j.train;

/**
 * One optimiser step, as {@code steps.jsonl} keeps it.
 *
 * @param step counted from 1
 * @param epoch counted from 1
 * @param targets trained on so far, this step's included
 * @param tokens trained on so far, this step's included
 * @param loss mean cross-entropy over the step's targets, in nats, before its update
 * @param learningRate of this step
 * @param gradientNorm before clipping
 * @param targetsPerSecond of this step
 * @param seconds of training so far, validation not counted
 */
public record StepReport(
        long step,
        int epoch,
        long targets,
        long tokens,
        double loss,
        double learningRate,
        double gradientNorm,
        double targetsPerSecond,
        double seconds) {}
