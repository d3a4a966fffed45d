package org.dti4j.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dti4j.baseline.BaselineModel;
import org.dti4j.baseline.BaselineSearch;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Metrics;
import org.dti4j.problem.UserException;
import org.dti4j.run.RunConfig;
import org.dti4j.run.ScoredTargets;
import org.dti4j.score.Baseline;
import org.dti4j.score.Baselines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an LLM must beat. */
@Command(
        name = "baseline",
        description = {
            "Trains click models that read no text on the very targets of a run, and tests them on those of its test part: "
                    + "logistic regression on counts, DIN, DCNv2, SIM (hard search) and SASRec, beside item and user means. "
                    + "Learning rate and width of embeddings are searched on validation. Prints a table; keeps no files.",
            "Of the configuration it takes data, context, minContext, epochs, targetsPerStep, seed, and which targets are evaluated."
        },
        footer = {
            "  dti baseline configs/movielens-small.yaml",
            "  dti baseline configs/nano-ml1m.yaml --model din --width 16 --rate 0.001 --json"
        })
final class BaselineVerb extends Verb {
    @Mixin
    private ConfigOptions options;

    @Option(
            names = "--model",
            split = ",",
            paramLabel = "NAME",
            description = "Some of logistic-regression, din, dcn-v2, sim, sasrec (default: all).")
    private List<String> models = List.of();

    @Option(
            names = "--width",
            split = ",",
            paramLabel = "D",
            description = "Widths of embeddings to try (default: 16,32).")
    private List<Integer> widths = List.of(16, 32);

    @Option(
            names = "--rate",
            split = ",",
            paramLabel = "R",
            description = "Learning rates to try (default: 0.001,0.003).")
    private List<Double> rates = List.of(0.001, 0.003);

    BaselineVerb(Console console) {
        super(console);
    }

    /** What {@code --json} prints of each; without width and rate where nothing was searched. */
    private record Found(Integer width, Double rate, Long trained, Metrics validation, Metrics test) {}

    @Override
    Result run() {
        List<BaselineModel> wanted = wanted();
        if (widths.stream().anyMatch(width -> width < 1) || rates.stream().anyMatch(rate -> !(rate > 0))) {
            throw new UserException("--width %s, --rate %s: must be above 0".formatted(widths, rates));
        }
        RunConfig config = options.read();
        PreparedData data = new PreparedStore(config, console().progress()).open();
        BaselineSearch search =
                new BaselineSearch(config, data, System::nanoTime, console().progress());
        Map<String, Found> found = new LinkedHashMap<>();
        Map<String, Metrics> test = new LinkedHashMap<>();
        for (BaselineModel model : wanted) {
            BaselineSearch.Found best = search.best(model, widths, rates);
            if (test.isEmpty()) {
                test.putAll(counted(config, data, best.scored()));
            }
            test.put(
                    "%s (%sat rate %s)"
                            .formatted(
                                    model.title(), best.width() > 0 ? "width " + best.width() + " " : "", best.rate()),
                    best.test());
            found.put(
                    word(model), new Found(best.width(), best.rate(), best.trained(), best.validation(), best.test()));
        }
        return Result.done(
                Map.of("counted", counts(test, wanted.size()), "trained", found), MetricsText.table("test", test));
    }

    private static Map<String, Metrics> counts(Map<String, Metrics> test, int trained) {
        return test.entrySet().stream()
                .limit(test.size() - trained)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, Metrics> counted(RunConfig config, PreparedData data, ScoredTargets targets) {
        Baselines baselines = Baselines.of(data);
        Map<String, Metrics> metrics = new LinkedHashMap<>();
        for (Baseline baseline : Baseline.values()) {
            metrics.put(
                    baseline.title(),
                    Metrics.of(
                            targets.predictions(
                                    baselines.probabilities(baseline, targets.users(), targets.interactions())),
                            config.evaluate().seed()));
        }
        return metrics;
    }

    private List<BaselineModel> wanted() {
        Map<String, BaselineModel> known = Arrays.stream(BaselineModel.values())
                .collect(Collectors.toMap(BaselineVerb::word, model -> model, (a, b) -> a, LinkedHashMap::new));
        if (!known.keySet().containsAll(models)) {
            throw new UserException("--model %s: must be some of %s".formatted(models, known.keySet()));
        }
        return known.entrySet().stream()
                .filter(each -> models.isEmpty() || models.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String word(BaselineModel model) {
        return model.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
