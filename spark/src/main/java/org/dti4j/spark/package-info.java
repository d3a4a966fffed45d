/** Where one machine is outgrown: preparation, training and scoring on Apache Spark. Nothing but this module knows Spark. */
@NullMarked
package org.dti4j.spark;

import org.jspecify.annotations.NullMarked;
