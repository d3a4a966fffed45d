package org.dti4j.cli.experiment;

import org.dti4j.run.RunConfig;
import org.jspecify.annotations.Nullable;

/**
 * One run of a grid.
 *
 * @param rate the learning rate, null where the grid searches none
 * @param config in full; its {@code out} is the cell's folder
 */
public record Cell(Variant variant, @Nullable Double rate, long seed, RunConfig config) {}
