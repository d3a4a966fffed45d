package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.cli.report.HtmlReport;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.PreparedData;
import org.dti4j.method.Method;
import org.dti4j.metric.Metrics;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.RunMetrics;
import org.dti4j.run.TrainingJob;
import org.dti4j.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job on bundled data: prepare, train by DTI, train by the sliding window for the same time, compare. */
@Command(
        name = "quickstart",
        description =
                "Trains the embedded model on the bundled MovieLens ratings, by DTI for an epoch and by the sliding window "
                        + "for the same time, and writes a report that compares them. Goes on where it was stopped.",
        footer = {"  dti quickstart", "  dti quickstart --out /tmp/quickstart --json"})
final class QuickstartVerb extends Verb {
    private static final int SLIDING_VALIDATIONS = 4;

    private final CtrlC ctrlC;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of both runs and the report (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("runs", "quickstart");

    @Option(
            names = "--set",
            paramLabel = "section.key=value",
            description = "Override configs/quickstart.yaml; can be given many times.")
    private List<String> overrides = List.of();

    QuickstartVerb(Console console, CtrlC ctrlC) {
        super(console);
        this.ctrlC = ctrlC;
    }

    /** What {@code --json} prints. */
    private record Compared(Map<String, RunMetrics> runs, double timeRatio, double flopsRatio, String report) {}

    @Override
    Result run() {
        Path folder = out.toAbsolutePath();
        Path file = Home.folder().resolve("configs").resolve("quickstart.yaml");
        RunConfig dti = RunConfigs.read(file, overrides, Home.folder()).withOut(folder.resolve("dti"));
        PreparedData data = new PreparedStore(dti, console().progress()).open();
        BooleanSupplier interruption = ctrlC.watch();
        if (!train(dti, data, interruption)) {
            return interrupted();
        }
        RunMetrics trained = RunMetrics.read(new RunFiles(dti.out()));
        RunConfig sliding = sliding(dti, trained.train(), folder.resolve("sliding-window"));
        return train(sliding, data, interruption) ? compare(List.of(dti, sliding), data, folder) : interrupted();
    }

    /** The sliding window for the time that DTI took, at the same targets per step. */
    private static RunConfig sliding(RunConfig dti, RunMetrics.Training trained, Path out) {
        Method method = Method.named("sliding-window").withContext(dti.method().context());
        TrainConfig train = dti.train();
        double times = Math.max(1, RunReport.flopsRatio(dti.method()));
        long every = Math.max(1, Math.round(trained.targets() / times / SLIDING_VALIDATIONS));
        return dti.withMethod(method)
                .withTrain(train.withMaxSeconds(trained.seconds()).withValidateEvery(every))
                .withOut(out);
    }

    /** Trains a run unless it is finished already; false when it was interrupted. */
    private boolean train(RunConfig config, PreparedData data, BooleanSupplier interruption) {
        RunFiles files = new RunFiles(config.out());
        if (RunFolder.holdsAnother(config)) {
            throw new UserException(
                    "%s: was made with other options than these (its config.yaml says which), must be the same to be taken as finished or to go on; remove %s, or name another folder with --out"
                            .formatted(files.folder(), out));
        }
        if (Files.exists(files.metrics())) {
            console().err().printf(Locale.ROOT, "%s is finished already%n", files.folder());
            return true;
        }
        console().err().printf(Locale.ROOT, "Training by %s%n", config.method().name());
        boolean resume = Files.exists(files.state());
        return new TrainingJob(config, data, new ProcessHost(), console().progress())
                        .notes(console().err()::println)
                        .configuration(RunConfigs.write(config))
                        .run(resume, interruption)
                        .metrics()
                != null;
    }

    private Result interrupted() {
        console().err().println("Stopped; the state is saved. To go on, give the same command again.");
        return new Result(Map.of("interrupted", true), null, ExitStatus.INTERRUPTED);
    }

    private Result compare(List<RunConfig> configs, PreparedData data, Path folder) {
        List<FinishedRun> runs =
                FinishedRun.read(configs.stream().map(RunConfig::out).toList(), data);
        FinishedRun stream = runs.get(0);
        FinishedRun sliding = runs.get(1);
        RunReport report = new RunReport(runs, data)
                .remark(
                        "Both runs had the same training time; at it, the sliding window saw fewer targets. The curves over targets "
                                + "compare them at equal data.")
                .remark(
                        "The user mean is strong on this data: the last tenth of the time holds few users, and how much a user "
                                + "likes in general is most of what can be known. A model reads it from the feedback in the prompt.");
        Path page = folder.resolve("report.html");
        HtmlReport.write(
                report.model(
                        "dti4j quickstart: DTI and the sliding window at equal time",
                        ExamplePrompts.of(stream, stream.config(), data)),
                page);
        Map<String, RunMetrics> metrics = new LinkedHashMap<>();
        metrics.put("sliding-window", sliding.metrics());
        metrics.put("dti", stream.metrics());
        double timeRatio = RunReport.timeRatio(sliding, stream);
        double flopsRatio = RunReport.flopsRatio(stream.config().method());
        return Result.done(
                new Compared(metrics, timeRatio, flopsRatio, page.toString()),
                text(metrics, timeRatio, flopsRatio, page));
    }

    private static String text(Map<String, RunMetrics> runs, double timeRatio, double flopsRatio, Path page) {
        Map<String, Metrics> test = new LinkedHashMap<>();
        runs.forEach((name, metrics) -> test.put(name, metrics.test()));
        return String.format(
                Locale.ROOT,
                "%s%nA target costs the sliding window %.1f times what it costs DTI (Eq. 3: %.1f)%n%s%n",
                MetricsText.table("test", test),
                timeRatio,
                flopsRatio,
                page.toUri());
    }
}
