/**
 * The HTML report: one self-contained file (styles and drawings inside, no script, nothing fetched). {@link
 * org.dti4j.cli.report.ReportModel} says what is in it, {@link org.dti4j.cli.report.HtmlReport} writes it.
 */
@NullMarked
package org.dti4j.cli.report;

import org.jspecify.annotations.NullMarked;
