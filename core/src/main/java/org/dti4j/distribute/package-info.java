/** Processes that train one model together: how they meet, and how they add up what each of them has. */
@NullMarked
package org.dti4j.distribute;

import org.jspecify.annotations.NullMarked;
