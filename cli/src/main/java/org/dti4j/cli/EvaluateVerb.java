package org.dti4j.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.run.ClickModel;
import org.dti4j.run.Evaluation;
import org.dti4j.run.RunConfig;
import org.dti4j.run.ScoredTargets;
import org.dti4j.score.EvaluateConfig.EvaluationLayout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Metrics of runs, and how two of them differ. */
@Command(
        name = "evaluate",
        description =
                "Scores the targets of one part of the data and prints the metrics with their 95 %% intervals; of two runs, "
                        + "also the paired difference.",
        footer = {
            "  dti evaluate runs/dti",
            "  dti evaluate runs/dti runs/sliding-window --part validation --layout sliding",
            "  dti evaluate runs/dti --layout stream --set evaluate.maxTargets=2000"
        })
final class EvaluateVerb extends Verb {
    @Parameters(arity = "1..2", paramLabel = "RUN", description = "Folder of a finished run; two, to compare them.")
    private List<Path> runs;

    @Option(
            names = "--part",
            paramLabel = "validation|test",
            defaultValue = "test",
            description = "Part of the data (default: ${DEFAULT-VALUE}).")
    private Part part;

    @Option(
            names = "--layout",
            paramLabel = "sliding|stream",
            description = "Layout of the targets (default: evaluate.layout of the run).")
    private @Nullable EvaluationLayout layout;

    @Option(
            names = "--set",
            paramLabel = "section.key=value",
            description =
                    "Override the sections evaluate and model of the run (model.device=cpu where it was trained on a GPU); can be given many times.")
    private List<String> overrides = List.of();

    EvaluateVerb(Console console) {
        super(console);
    }

    /** What {@code --json} prints; the difference is of the first run minus the second. */
    private record Evaluated(
            String part,
            String layout,
            Map<String, Metrics> runs,
            @Nullable Map<String, PairedDifference> difference) {}

    @Override
    Result run() {
        checkOptions();
        List<RunConfig> configs =
                runs.stream().map(run -> RunFolder.config(run, overrides)).toList();
        EvaluationLayout used = layout == null ? configs.get(0).evaluate().layout() : layout;
        Map<String, Metrics> metrics = new LinkedHashMap<>();
        ScoredTargets[] scored = new ScoredTargets[runs.size()];
        for (int i = 0; i < scored.length; i++) {
            scored[i] = score(configs.get(i), runs.get(i), used);
            metrics.put(
                    runs.get(i).toString(),
                    Metrics.of(
                            scored[i].predictions(), configs.get(i).evaluate().seed()));
        }
        Map<String, PairedDifference> differences = scored.length == 2
                ? differences(scored[0], scored[1], configs.get(0).evaluate().seed())
                : null;
        String text = "%s, %s layout%n%n%s%s"
                .formatted(
                        word(part),
                        word(used),
                        MetricsText.table("run", metrics),
                        differences == null ? "" : "\n" + MetricsText.differences("first minus second", differences));
        return Result.done(new Evaluated(word(part), word(used), metrics, differences), text);
    }

    private void checkOptions() {
        if (part == Part.TRAIN) {
            throw new UserException("--part = train, must be validation or test");
        }
        RunFolder.requireOf(overrides, "evaluated", "evaluate", "model");
    }

    private ScoredTargets score(RunConfig config, Path run, EvaluationLayout used) {
        PreparedData data = new PreparedStore(config, console().progress()).open();
        try (ClickModel model = ClickModel.load(config, run, System::nanoTime)) {
            PromptWriter prompts = new PromptWriter(
                    data,
                    TokenizedCatalogue.of(
                            data.items(), model.segments(), console().progress()),
                    model.segments());
            return new Evaluation(
                            model,
                            data,
                            prompts,
                            part,
                            used,
                            config.evaluate().drawFor(used),
                            config.evaluate().maxTargets(),
                            config.evaluate().seed())
                    .run(word(part), console().progress());
        }
    }

    private Map<String, PairedDifference> differences(ScoredTargets first, ScoredTargets second, long seed) {
        if (!first.isOfSameTargets(second)) {
            throw new UserException(
                    "%s and %s were evaluated on different targets (%d and %d), must have the same data, method.context, evaluate.maxTargets and evaluate.draw to be compared"
                            .formatted(runs.get(0), runs.get(1), first.size(), second.size()));
        }
        return Differences.of(first, second, seed);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
