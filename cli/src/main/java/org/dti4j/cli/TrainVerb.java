package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.dti4j.cli.config.ConfigSource;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.PreparedData;
import org.dti4j.distribute.Collective;
import org.dti4j.distribute.Peers;
import org.dti4j.distribute.Rendezvous;
import org.dti4j.metric.Metrics;
import org.dti4j.problem.UserException;
import org.dti4j.run.Forecast;
import org.dti4j.run.Provenance;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.RunFingerprint;
import org.dti4j.run.RunMetrics;
import org.dti4j.run.TrainingJob;
import org.dti4j.train.StopReason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
            "  dti train --from runs/quickstart/dti/provenance.json --set out=runs/again",
            "  dti train configs/llama31-8b-ml1m.yaml --dry-run",
            "  dti train configs/quickstart.yaml --nodes 2 --rank 0 --rendezvous 10.0.0.1:29500   # and --rank 1 on the other"
        })
final class TrainVerb extends Verb {
    private final CtrlC ctrlC;

    @Parameters(
            arity = "0..1",
            paramLabel = "CONFIG",
            description = "Configuration of the run, a YAML file (see configs/).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "section.key=value",
            description = "Override the configuration; can be given many times.")
    private List<String> overrides = List.of();

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Repeat a run from its provenance.json, in place of CONFIG; --set out=… says where to.")
    private @Nullable Path from;

    @Mixin
    private DryRunOptions dryRun;

    @Mixin
    private PeerOptions peerOptions;

    @Option(names = "--resume", description = "Go on with a run that was interrupted.")
    private boolean resume;

    /** @param environment variables of the process */
    TrainVerb(Console console, CtrlC ctrlC, Map<String, String> environment) {
        super(console);
        this.ctrlC = ctrlC;
        this.peerOptions = new PeerOptions(environment);
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
        Provenance repeated = from == null ? null : Provenance.read(from);
        RunConfig config = repeated == null ? configured() : repeated(repeated);
        if (dryRun.isAsked()) {
            Forecast forecast = dryRun.forecast(config, console().progress());
            return Result.done(
                    forecast, DryRunOptions.text(Map.of(config.method().name(), forecast)));
        }
        Rendezvous rendezvous = peerOptions.rendezvous();
        Collective collective = peerOptions.collective();
        if (rendezvous.rank() == 0) {
            checkFolder(config);
        }
        PreparedData data = new PreparedStore(config, console().progress()).open();
        ProcessHost host = new ProcessHost();
        if (from != null && repeated != null) {
            checkRepeatable(from, repeated, data, host);
        }
        TrainingJob job = new TrainingJob(config, data, host, console().progress())
                .memory(estimate -> console().err().println(estimate.summary(host.memoryBytes())))
                .notes(console().err()::println)
                .configuration(RunConfigs.write(config))
                .repeating(repeated);
        BooleanSupplier interruption = ctrlC.watch();
        TrainingJob.Outcome outcome;
        try (Peers peers =
                collective.over(rendezvous.meet(RunFingerprint.of(config, data), System::nanoTime, interruption))) {
            outcome = job.peers(peers).run(resume, interruption);
        }
        RunMetrics metrics = outcome.metrics();
        if (outcome.training().stopReason() == StopReason.INTERRUPTED) {
            return interrupted(config.out(), outcome.training().targets());
        }
        return metrics == null
                ? followed(rendezvous.rank(), outcome.training().targets())
                : Result.done(
                        new Trained(
                                config.out().toString(), metrics.validation(), metrics.test(), metrics.train(), false),
                        text(config.out(), metrics));
    }

    private void checkFolder(RunConfig config) {
        RunFiles files = new RunFiles(config.out());
        if (resume) {
            checkSame(config, files);
        } else {
            files.requireNew();
        }
    }

    private static Result followed(int rank, long targets) {
        return Result.done(
                Map.of("rank", rank, "targets", targets),
                String.format(
                        Locale.ROOT,
                        "rank %d: %,d targets were trained together; rank 0 has the run folder%n",
                        rank,
                        targets));
    }

    private RunConfig configured() {
        if (file == null) {
            throw new UserException("train needs a CONFIG, or --from with the provenance.json of a run");
        }
        return RunConfigs.read(file, overrides, Home.folder());
    }

    /** The run's own configuration, in the precision that it came to have: measuring might choose another one now. */
    private RunConfig repeated(Provenance run) {
        if (file != null) {
            throw new UserException("train takes a CONFIG or --from, not both");
        }
        if (run.config() == null) {
            throw new UserException("%s: holds no configuration, must be of a run that dti train made".formatted(from));
        }
        List<String> all = new ArrayList<>();
        all.add("model.precision=" + run.precision());
        all.addAll(overrides);
        ConfigSource source = new ConfigSource(String.valueOf(from), run.config(), Home.folder());
        return RunConfigs.read(
                source,
                all,
                RunConfigs.defaults(Home.folder(), Path.of("runs", "repeated").toAbsolutePath()));
    }

    /** Other data give other results; another machine or version may. */
    private void checkRepeatable(Path from, Provenance run, PreparedData data, ProcessHost host) {
        run.requireData(data.hash(), from);
        run.differences(host.facts())
                .forEach(difference -> console().err().println("not as in the run that is repeated: " + difference));
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

    private static void checkSame(RunConfig config, RunFiles files) {
        if (!Files.exists(files.config())) {
            throw new UserException("%s: holds no run to resume; start it without --resume".formatted(files.folder()));
        }
        RunConfig begun = RunFolder.config(files.folder());
        // how many prompts are worked on at a time may change: a run that lacked memory goes on with fewer
        RunConfig allowed = begun.withTrain(
                begun.train().withTokensPerMicroBatch(config.train().tokensPerMicroBatch()));
        if (!RunConfigs.write(allowed).equals(RunConfigs.write(config))) {
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
