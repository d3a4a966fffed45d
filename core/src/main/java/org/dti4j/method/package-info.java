/** The switches of the method and the geometry that they make: kinds, interactions, positions, windows, resets. Integers only. */
@NullMarked
package org.dti4j.method;

import org.jspecify.annotations.NullMarked;
