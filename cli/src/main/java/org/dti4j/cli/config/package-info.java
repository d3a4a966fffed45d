/**
 * The run configuration: YAML files to records and back. Strict: what is not understood is an error, and all errors of a file are
 * told at once.
 */
@NullMarked
package org.dti4j.cli.config;

import org.jspecify.annotations.NullMarked;
