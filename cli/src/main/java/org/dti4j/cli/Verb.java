package org.dti4j.cli;

import java.util.concurrent.Callable;
import org.dti4j.cli.terminal.Console;
import org.dti4j.run.RunJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all verbs share: help, version, and a result that is printed for people or for scripts. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        footerHeading = "%nExample:%n")
abstract class Verb implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    Verb(Console console) {
        this.console = console;
    }

    /** Does the work; problems are thrown. */
    abstract Result run() throws Exception;

    final Console console() {
        return console;
    }

    @Override
    public final Integer call() throws Exception {
        Result result = run();
        if (json) {
            console.out().print(RunJson.line(result.json()));
        } else if (result.text() != null) {
            console.out().print(result.text());
        }
        return result.status();
    }
}
