/** Scoring over HTTP: requests of many clients go through one queue into common batches of a {@link org.dti4j.run.ClickScorer}. */
@NullMarked
package org.dti4j.serve;

import org.jspecify.annotations.NullMarked;
