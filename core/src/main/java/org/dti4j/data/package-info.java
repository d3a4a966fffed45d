/** From log files to histories: readers, pruning, labels, the split by time (docs/method.md section 8). Knows no tensors. */
@NullMarked
package org.dti4j.data;

import org.jspecify.annotations.NullMarked;
