/**
 * The function of {@link org.dti4j.model.Llama} at speed: windowed attention whose cost is linear in the stream, products into memory that is
 * already there, and a backward pass written out instead of recorded. Tested against the model, outputs and gradients.
 */
@NullMarked
package org.dti4j.engine;

import org.jspecify.annotations.NullMarked;
