package org.dti4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dti4j.baseline.BaselineModel;
import org.dti4j.baseline.BaselineSearch;
import org.dti4j.cli.terminal.Console;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;
import org.dti4j.problem.UserException;
import org.dti4j.run.PredictionFile;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.ScoredTargets;
import org.dti4j.score.Baseline;
import org.dti4j.score.Baselines;
import org.dti4j.train.DivergedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an LLM must beat. */
@Command(
        name = "baseline",
        description = {
            "Trains click models that read no text on the very targets of a run, and tests them on those of its test part: "
                    + "logistic regression on counts, an item-based collaborative filter, DIN, DCNv2, SIM (hard search) and SASRec, beside item and user means. "
                    + "Learning rate and width of embeddings are searched on validation. Prints a table.",
            "Of the configuration it takes data, context, minContext, epochs, targetsPerStep, seed, and which targets are evaluated."
        },
        footer = {
            "  dti baseline configs/movielens-small.yaml",
            "  dti baseline configs/nano-ml1m.yaml --model din --width 16 --rate 0.003 --seeds 1,2,3",
            "  dti baseline configs/nano-ml1m.yaml --model din --against runs/nano-ml1m --output runs/nano-ml1m-baselines"
        })
final class BaselineVerb extends Verb {
    @Mixin
    private ConfigOptions options;

    @Option(
            names = "--model",
            split = ",",
            paramLabel = "NAME",
            description = "Some of logistic-regression, collaborative-filter, din, dcn-v2, sim, sasrec (default: all).")
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

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "S",
            description =
                    "Trains the best of each search with these seeds too, and prints their test AUC, its mean and its standard deviation. All else that is printed is of train.seed.")
    private List<Long> seeds = List.of();

    @Option(
            names = "--against",
            paramLabel = "RUN",
            description =
                    "Folder of a finished run of the same configuration: prints how each model differs from it, target by target.")
    private @Nullable Path against;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description =
                    "Writes the predictions of each model into FOLDER/NAME.parquet: user, item, time, label, probability.")
    private @Nullable Path output;

    BaselineVerb(Console console) {
        super(console);
    }

    /**
     * What {@code --json} prints of each; width 0 where nothing is embedded, no seeds without {@code --seeds}, no difference without
     * {@code --against}.
     */
    private record Found(
            Integer width,
            Double rate,
            Long trained,
            Metrics validation,
            Metrics test,
            Map<Long, Metrics> seeds,
            @Nullable Map<String, PairedDifference> difference) {}

    @Override
    Result run() {
        List<BaselineModel> wanted = wanted();
        if (widths.stream().anyMatch(width -> width < 1) || rates.stream().anyMatch(rate -> !(rate > 0))) {
            throw new UserException("--width %s, --rate %s: must be above 0".formatted(widths, rates));
        }
        if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new UserException("--output %s: is a file, must be a folder".formatted(output));
        }
        RunConfig config = options.read();
        PreparedData data = new PreparedStore(config, console().progress()).open();
        BaselineSearch search =
                new BaselineSearch(config, data, System::nanoTime, console().progress());
        console().err().println(search.categories());
        ScoredTargets run = against == null ? null : predictions(against, data, search);
        List<BaselineSearch.Found> found = new ArrayList<>();
        Map<BaselineModel, Map<Long, Metrics>> bySeed = new EnumMap<>(BaselineModel.class);
        for (BaselineModel model : wanted) {
            BaselineSearch.Found best = search.best(model, widths, rates);
            if (output != null) {
                PredictionFile.write(output.resolve(word(model) + ".parquet"), data, best.scored());
            }
            found.add(best);
            bySeed.put(model, bySeed(search, best, config.train().seed()));
        }
        Map<String, Metrics> counted =
                counted(config, search.means(), found.get(0).scored());
        Map<BaselineModel, Map<String, PairedDifference>> differences = new EnumMap<>(BaselineModel.class);
        if (run != null) {
            found.forEach(each -> differences.put(
                    each.model(),
                    Differences.of(each.scored(), run, config.evaluate().seed())));
        }
        return Result.done(
                Map.of("counted", counted, "trained", trained(found, bySeed, differences)),
                text(counted, found, bySeed, differences));
    }

    private Map<Long, Metrics> bySeed(BaselineSearch search, BaselineSearch.Found best, long searched) {
        Map<Long, Metrics> tests = new TreeMap<>();
        for (long seed : new TreeSet<>(seeds)) {
            try {
                tests.put(
                        seed,
                        seed == searched
                                ? best.test()
                                : search.again(best, seed).test());
            } catch (DivergedException e) {
                console()
                        .err()
                        .println("%s with seed %d is left out: %s"
                                .formatted(best.model().title(), seed, e.getMessage()));
            }
        }
        return tests;
    }

    private static Map<String, Found> trained(
            List<BaselineSearch.Found> found,
            Map<BaselineModel, Map<Long, Metrics>> bySeed,
            Map<BaselineModel, Map<String, PairedDifference>> differences) {
        Map<String, Found> trained = new LinkedHashMap<>();
        found.forEach(each -> trained.put(
                word(each.model()),
                new Found(
                        each.width(),
                        each.rate(),
                        each.trained(),
                        each.validation(),
                        each.test(),
                        bySeed.getOrDefault(each.model(), Map.of()),
                        differences.get(each.model()))));
        return trained;
    }

    private String text(
            Map<String, Metrics> counted,
            List<BaselineSearch.Found> found,
            Map<BaselineModel, Map<Long, Metrics>> bySeed,
            Map<BaselineModel, Map<String, PairedDifference>> differences) {
        Map<String, Metrics> test = new LinkedHashMap<>(counted);
        found.forEach(each -> test.put(row(each), each.test()));
        Map<String, PairedDifference> rows = new LinkedHashMap<>();
        differences.forEach((model, difference) ->
                difference.forEach((metric, value) -> rows.put(model.title() + ", " + metric, value)));
        Map<String, Map<Long, Metrics>> trained = new LinkedHashMap<>();
        bySeed.forEach((model, tests) -> {
            if (!tests.isEmpty()) {
                trained.put(model.title(), tests);
            }
        });
        return MetricsText.table("test", test)
                + (seeds.isEmpty() ? "" : "\n" + MetricsText.seeds(trained))
                + (rows.isEmpty() ? "" : "\n" + MetricsText.differences("minus " + against, rows));
    }

    /** Found out before hours of training, not after them: whether the run can be compared with at all. */
    private static ScoredTargets predictions(Path run, PreparedData data, BaselineSearch search) {
        RunFolder.config(run);
        ScoredTargets scored = PredictionFile.read(new RunFiles(run).predictions(), data);
        if (!search.testsOn(scored)) {
            throw new UserException(
                    "--against %s: its %d test targets are others than this configuration's, must be a run of the same data, method.context, train.minContext and section evaluate"
                            .formatted(run, scored.size()));
        }
        return scored;
    }

    private static String row(BaselineSearch.Found best) {
        return "%s (%sat rate %s)"
                .formatted(best.model().title(), best.width() > 0 ? "width " + best.width() + " " : "", best.rate());
    }

    private static Map<String, Metrics> counted(RunConfig config, Baselines baselines, ScoredTargets targets) {
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
