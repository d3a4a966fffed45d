package org.dti4j.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dti4j.cli.config.HubEnvironment;
import org.dti4j.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tree of verbs; gives back the exit status instead of ending the process. */
final class Program {
    private static final int HELP_WIDTH = 100;

    private final Console console;
    private final CtrlC ctrlC;
    private final Failures failures;

    Program(Console console, CtrlC ctrlC) {
        this.console = console;
        this.ctrlC = ctrlC;
        this.failures = new Failures(console);
    }

    int run(String... arguments) {
        List<String> words = List.of(arguments);
        try {
            return commandLine()
                    .setParameterExceptionHandler(failures::misused)
                    .setExecutionExceptionHandler((failure, command, parsed) -> failures.failed(failure, words))
                    .execute(arguments);
        } catch (Throwable e) { // errors, such as of memory, that picocli lets through
            return failures.failed(e, words);
        }
    }

    CommandLine commandLine() {
        CommandLine tree = new CommandLine(new Dti());
        tree.addSubcommand(new QuickstartVerb(console, ctrlC));
        tree.addSubcommand(new PrepareVerb(console));
        tree.addSubcommand(new TrainVerb(console, ctrlC, System.getenv()));
        tree.addSubcommand(new EvaluateVerb(console));
        tree.addSubcommand(new PredictVerb(console, ctrlC));
        tree.addSubcommand(new ServeVerb(console, ctrlC, System.getenv()));
        tree.addSubcommand(new ReportVerb(console));
        tree.addSubcommand(new ExportVerb(console));
        tree.addSubcommand(new CommandLine(new ModelVerb())
                .addSubcommand(new ModelFetchVerb(console, HubEnvironment.ofProcess()))
                .addSubcommand(new ModelVerb.Inspect(console)));
        tree.addSubcommand(new ExperimentVerb(console, ctrlC));
        tree.addSubcommand(new BaselineVerb(console));
        tree.addSubcommand(new FlopsVerb(console));
        tree.addSubcommand(new CommandLine(new BenchVerb(console)).addSubcommand(new BenchServeVerb(console)));
        return NumberOptions.register(tree)
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    }

    @Command(
            name = "dti",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Trains LLMs for click-through-rate prediction by Dynamic Target Isolation.",
            synopsisSubcommandLabel = "VERB",
            commandListHeading = "%nVerbs:%n",
            footerHeading = "%nExample:%n",
            footer = {"  dti quickstart", "  dti train --help"})
    private static final class Dti implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(),
                    "missing verb, must be one of "
                            + String.join(", ", spec.subcommands().keySet()));
        }
    }
}
