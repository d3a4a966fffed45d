@NullMarked
package org.dti4j.spark;

import org.jspecify.annotations.NullMarked;
