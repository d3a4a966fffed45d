package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Metrics;
import org.dti4j.problem.UserException;
import org.dti4j.run.Forecast;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.RunMetrics;
import org.dti4j.run.TrainingJob;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A configuration to a run folder. */
@Command(
        name = "train",
        description =
                "Trains a model, evaluates it and writes the run folder. Ctrl-C stops it after the current step and "
                        + "saves its state.",
        footer = {
            "  dti train configs/quickstart.yaml",
            "  dti train configs/quickstart.yaml --set method=dti-isolated --set out=runs/isolated",
            "  dti train configs/quickstart.yaml --resume",
            "  dti train configs/llama31-8b-ml1m.yaml --dry-run"
        })
final class TrainVerb extends Verb {
    private final CtrlC ctrlC;

    @Mixin
    private ConfigOptions options;

    @Mixin
    private DryRunOptions dryRun;

    @Option(names = "--resume", description = "Go on with a run that was interrupted.")
    private boolean resume;

    TrainVerb(Console console, CtrlC ctrlC) {
        super(console);
        this.ctrlC = ctrlC;
    }

    /** What {@code --json} prints. */
    private record Trained(
            String run,
            @Nullable Metrics validation,
            @Nullable Metrics test,
            RunMetrics.@Nullable Training train,
            boolean interrupted) {}

    @Override
    Result run() {
        RunConfig config = options.read();
        if (dryRun.isAsked()) {
            Forecast forecast = dryRun.forecast(config, console().progress());
            return Result.done(
                    forecast, DryRunOptions.text(Map.of(config.method().name(), forecast)));
        }
        RunFiles files = new RunFiles(config.out());
        if (resume) {
            checkSame(config, files);
        } else {
            checkNew(files);
        }
        PreparedData data = new PreparedStore(config, console().progress()).open();
        RunFiles.writeText(files.config(), RunConfigs.write(config));
        ProcessHost host = new ProcessHost();
        TrainingJob.Outcome outcome = new TrainingJob(
                        config, data, host, console().progress())
                .memory(estimate -> console().err().println(estimate.summary(host.memoryBytes())))
                .run(resume, ctrlC.watch());
        RunMetrics metrics = outcome.metrics();
        return metrics == null
                ? interrupted(config.out(), outcome.training().targets())
                : Result.done(
                        new Trained(
                                config.out().toString(), metrics.validation(), metrics.test(), metrics.train(), false),
                        text(config.out(), metrics));
    }

    private Result interrupted(Path run, long targets) {
        console()
                .err()
                .println(String.format(
                        Locale.ROOT,
                        "Stopped after %,d targets; the state is in %s. To go on, give the same command with --resume.",
                        targets,
                        new RunFiles(run).state()));
        return new Result(new Trained(run.toString(), null, null, null, true), null, ExitStatus.INTERRUPTED);
    }

    private static void checkNew(RunFiles files) {
        if (Files.exists(files.metrics()) || Files.exists(files.state())) {
            throw new UserException(
                    "out = %s, must be a new folder: it holds a run already (--set out=… names another; --resume goes on with one that was interrupted)"
                            .formatted(files.folder()));
        }
    }

    private static void checkSame(RunConfig config, RunFiles files) {
        if (!Files.exists(files.config())) {
            throw new UserException("%s: holds no run to resume; start it without --resume".formatted(files.folder()));
        }
        RunConfig begun = RunFolder.config(files.folder());
        if (!RunConfigs.write(begun).equals(RunConfigs.write(config))) {
            throw new UserException(
                    "%s: the run was begun with another configuration than this one, must be the same to go on with it"
                            .formatted(files.config()));
        }
    }

    private static String text(Path run, RunMetrics metrics) {
        Map<String, Metrics> parts = new LinkedHashMap<>();
        parts.put("validation", metrics.validation());
        if (metrics.test() != null) {
            parts.put("test", metrics.test());
        }
        RunMetrics.Training train = metrics.train();
        return String.format(
                Locale.ROOT,
                "%s%n%,d targets in %,.0f s (%.2f ms each, %,.0f tokens/s), %.2f epochs, the best was number %d%n%n%s",
                run,
                train.targets(),
                train.seconds(),
                train.msPerTarget(),
                train.tokensPerSecond(),
                train.epochs(),
                train.bestEpoch(),
                MetricsText.table("part", parts));
    }
}
