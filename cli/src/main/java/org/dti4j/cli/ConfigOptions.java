package org.dti4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.run.RunConfig;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The configuration file of a verb, and what overrides it. */
final class ConfigOptions {
    @Parameters(paramLabel = "CONFIG", description = "Configuration of the run, a YAML file (see configs/).")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "section.key=value",
            description = "Override the configuration; can be given many times.")
    private List<String> overrides = List.of();

    Path file() {
        return file;
    }

    RunConfig read() {
        return RunConfigs.read(file, overrides, Home.folder());
    }
}
