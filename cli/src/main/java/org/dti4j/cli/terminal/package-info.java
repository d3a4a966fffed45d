/** What the command line writes on: standard output for results, standard error for logs and progress. */
@NullMarked
package org.dti4j.cli.terminal;

import org.jspecify.annotations.NullMarked;
