/** The one place that opens native scopes: lifetimes, device, element type. */
@NullMarked
package org.dti4j.tensor;

import org.jspecify.annotations.NullMarked;
