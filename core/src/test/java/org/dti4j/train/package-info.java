@NullMarked
package org.dti4j.train;

import org.jspecify.annotations.NullMarked;
