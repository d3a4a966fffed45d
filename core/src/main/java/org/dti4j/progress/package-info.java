/** Progress of long work, told to whoever wants to show it. */
@NullMarked
package org.dti4j.progress;

import org.jspecify.annotations.NullMarked;
