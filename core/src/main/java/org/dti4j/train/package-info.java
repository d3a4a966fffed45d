/** The training loop: loss, schedule, clipping, early stopping. */
@NullMarked
package org.dti4j.train;

import org.jspecify.annotations.NullMarked;
