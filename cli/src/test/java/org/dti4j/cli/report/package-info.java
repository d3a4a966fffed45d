@NullMarked
package org.dti4j.cli.report;

import org.jspecify.annotations.NullMarked;
