package org.dti4j.train;

/**
 * One validation.
 *
 * @param step optimiser steps before it
 * @param epoch counted from 1
 * @param targets trained on before it
 * @param seconds of training before it
 * @param score what {@link Validation} returned; higher is better
 * @param best whether no earlier one was as good
 */
public record ValidationReport(long step, int epoch, long targets, double seconds, double score, boolean best) {}
