@NullMarked
package org.dti4j.distribute;

import org.jspecify.annotations.NullMarked;
