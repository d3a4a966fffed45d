/** Files that are whole or not there, their checksums, and what the operating system says against them. */
@NullMarked
package org.dti4j.file;

import org.jspecify.annotations.NullMarked;
