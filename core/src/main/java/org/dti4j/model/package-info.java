/** The Llama family: configuration, weights, blocks, attention. Reads top-down like the paper. */
@NullMarked
package org.dti4j.model;

import org.jspecify.annotations.NullMarked;
