/** Puts load and faults on a server, and measures what comes back. */
@NullMarked
package org.dti4j.cli.load;

import org.jspecify.annotations.NullMarked;
