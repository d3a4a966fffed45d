package org.dti4j.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The option of verbs that score with a run, perhaps on another machine than the one that trained it. */
final class ModelOverrides {
    @Option(
            names = "--set",
            paramLabel = "model.key=value",
            description =
                    "Override the section model of the run where this machine is another: model.device=cpu, model.threads=0, model.name=FOLDER of the checkpoint; can be given many times.")
    private List<String> overrides = List.of();

    /** As they were written. */
    List<String> given() {
        return overrides;
    }
}
