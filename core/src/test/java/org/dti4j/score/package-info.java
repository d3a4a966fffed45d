@NullMarked
package org.dti4j.score;

import org.jspecify.annotations.NullMarked;
