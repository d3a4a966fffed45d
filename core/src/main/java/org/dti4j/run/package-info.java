/** Whole runs: from a configuration and prepared data to a trained model, its evaluation, and the run folder that keeps both. */
@NullMarked
package org.dti4j.run;

import org.jspecify.annotations.NullMarked;
