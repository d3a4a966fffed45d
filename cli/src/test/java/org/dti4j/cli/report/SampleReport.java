package org.dti4j.cli.report;

import java.nio.file.Path;

/** Writes a report of invented numbers to the file named by the only argument, to look at. */
final class SampleReport {
    private SampleReport() {}

    public static void main(String[] arguments) {
        HtmlReport.write(SyntheticModel.twoRuns(), Path.of(arguments[0]));
    }
}
