@NullMarked
package org.dti4j.baseline;

import org.jspecify.annotations.NullMarked;
