/** AUC, log loss, F1, calibration and their intervals, on arrays of double. */
@NullMarked
package org.dti4j.metric;

import org.jspecify.annotations.NullMarked;
