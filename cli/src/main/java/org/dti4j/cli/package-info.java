/** The {@code dti} command: verbs, run configuration, progress, report. The only place that prints, exits or reads YAML. */
@NullMarked
package org.dti4j.cli;

import org.jspecify.annotations.NullMarked;
