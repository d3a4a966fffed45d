/** Click models that read no text, trained and tested on the same targets as the LLMs: what those must beat. */
@NullMarked
package org.dti4j.baseline;

import org.jspecify.annotations.NullMarked;
