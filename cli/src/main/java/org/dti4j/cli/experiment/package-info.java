/** Grids of runs: one base configuration, rows that differ from it, seeds and learning rates; expanded to cells, a run folder each. */
@NullMarked
package org.dti4j.cli.experiment;

import org.jspecify.annotations.NullMarked;
