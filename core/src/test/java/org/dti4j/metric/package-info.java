@NullMarked
package org.dti4j.metric;

import org.jspecify.annotations.NullMarked;
