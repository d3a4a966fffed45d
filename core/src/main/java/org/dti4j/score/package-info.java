/** From prompts to probabilities: evaluation and serving use the same scorer. */
@NullMarked
package org.dti4j.score;

import org.jspecify.annotations.NullMarked;
