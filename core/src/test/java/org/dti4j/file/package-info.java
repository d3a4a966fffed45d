@NullMarked
package org.dti4j.file;

import org.jspecify.annotations.NullMarked;
