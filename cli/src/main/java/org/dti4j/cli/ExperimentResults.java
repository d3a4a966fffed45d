package org.dti4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.dti4j.cli.Experiment.FinishedCell;
import org.dti4j.cli.experiment.Cell;
import org.dti4j.cli.experiment.Cells;
import org.dti4j.cli.experiment.Grid;
import org.dti4j.cli.experiment.Variant;
import org.dti4j.cli.report.ExperimentModel;
import org.dti4j.cli.report.ExperimentModel.Comparison;
import org.dti4j.cli.report.ExperimentModel.Row;
import org.dti4j.cli.report.ExperimentModel.Seed;
import org.dti4j.cli.report.Paper;
import org.dti4j.cli.report.ReportModel.Fact;
import org.dti4j.cli.report.ReportModel.Facts;
import org.dti4j.data.Statistics;
import org.dti4j.method.Flops;
import org.dti4j.method.Method;
import org.dti4j.metric.Auc;
import org.dti4j.metric.LogLoss;
import org.dti4j.metric.PairedDifference;
import org.dti4j.metric.Predictions;
import org.dti4j.metric.UserBootstrap;
import org.dti4j.run.PredictionFile;
import org.dti4j.run.Provenance;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.run.ScoredTargets;
import org.dti4j.run.ValidationLog;
import org.dti4j.run.ValidationPoint;
import org.jspecify.annotations.Nullable;

/** Gathers what an experiment's report shows from its finished cells. */
final class ExperimentResults {
    private final Map<Path, ScoredTargets> scored = new HashMap<>();

    ExperimentModel of(Experiment experiment) {
        Cells cells = experiment.cells();
        Grid grid = cells.grid();
        List<String> remarks = new ArrayList<>();
        remarks.add(
                cells.rates().size() > 1
                        ? "Learning rates were chosen on the validation part alone, by the same search for every row."
                        : "No learning rate was searched.");
        cells.all().stream()
                .filter(experiment::isDiverged)
                .map(cell -> "%s diverged at the learning rate %s, which is out."
                        .formatted(cell.variant().name(), cell.rate()))
                .forEach(remarks::add);
        return new ExperimentModel(
                grid.title(),
                experiment.size(),
                experiment.finished(),
                grid.variants().stream()
                        .map(variant -> row(experiment, variant))
                        .toList(),
                comparisons(experiment, remarks),
                grid.paper(),
                remarks,
                facts(experiment),
                provenance(experiment));
    }

    private static Row row(Experiment experiment, Variant variant) {
        Cells cells = experiment.cells();
        Cell cell = cells.cell(
                variant,
                experiment.best(variant).map(Cell::rate).orElse(cells.rates().get(0)),
                cells.grid().seeds().get(0));
        Method method = cell.config().method();
        boolean one = variant.values().size() == 1;
        Map.Entry<String, String> varied =
                one ? variant.values().entrySet().iterator().next() : null;
        Paper paper = cells.grid().paper();
        return new Row(
                variant.id(),
                variant.name(),
                variant.row(),
                varied == null ? null : number(varied.getValue()),
                varied == null ? "" : name(varied.getKey()),
                experiment.best(variant).map(Cell::rate).orElse(null),
                method.targets().count() == 1
                        ? 1
                        : Flops.reduction(method.context(), method.targets().count()),
                paper == null ? null : paper.result(method).orElse(null),
                experiment.chosen(variant).stream().map(ExperimentResults::seed).toList());
    }

    private static String name(String key) {
        return key.equals("method.targets") ? "targets per stream k" : key;
    }

    private static @Nullable Double number(String value) {
        try {
            return Double.valueOf(value);
        } catch (NumberFormatException e) {
            return null; // a word, as in "all": no place on an axis
        }
    }

    private static Seed seed(FinishedCell each) {
        var train = each.metrics().train();
        double kept = each.metrics().validation().auc();
        ValidationPoint best = ValidationLog.read(
                        new RunFiles(each.cell().config().out()))
                .stream()
                .filter(point -> point.metrics().auc() == kept)
                .findFirst()
                .orElse(new ValidationPoint(
                        train.targets(), train.seconds(), each.metrics().validation()));
        return new Seed(
                each.cell().seed(),
                each.metrics().validation(),
                each.metrics().test(),
                best.targets(),
                best.seconds(),
                train.msPerTarget());
    }

    private List<Comparison> comparisons(Experiment experiment, List<String> remarks) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Variant variant : experiment.cells().grid().variants()) {
            for (Variant other : experiment.cells().grid().against(variant)) {
                List<FinishedCell> first = experiment.chosen(variant);
                List<FinishedCell> second = experiment.chosen(other);
                if (first.isEmpty() || second.isEmpty()) {
                    continue;
                }
                if (areOfSameTargets(experiment, first, second)) {
                    comparisons.add(compare(experiment, variant, first, other, second));
                } else {
                    remarks.add("%s and %s were tested on different targets, so their difference has no interval."
                            .formatted(variant.name(), other.name()));
                }
            }
        }
        return comparisons;
    }

    private boolean areOfSameTargets(Experiment experiment, List<FinishedCell> first, List<FinishedCell> second) {
        ScoredTargets any = scored(experiment, first.get(0));
        return first.stream().allMatch(each -> any.isOfSameTargets(scored(experiment, each)))
                && second.stream().allMatch(each -> any.isOfSameTargets(scored(experiment, each)));
    }

    private Comparison compare(
            Experiment experiment,
            Variant variant,
            List<FinishedCell> first,
            Variant other,
            List<FinishedCell> second) {
        List<Predictions> own = predictions(experiment, first);
        List<Predictions> others = predictions(experiment, second);
        UserBootstrap bootstrap =
                new UserBootstrap(first.get(0).cell().config().evaluate().seed());
        PairedDifference auc = Auc.difference(own, others);
        double mean = second.stream()
                .mapToDouble(each -> each.metrics().test().auc())
                .average()
                .orElse(Double.NaN);
        return new Comparison(
                variant.id(),
                other.id(),
                auc,
                LogLoss.difference(own, others, bootstrap),
                auc.difference() / (mean - 0.5));
    }

    private List<Predictions> predictions(Experiment experiment, List<FinishedCell> cells) {
        return cells.stream()
                .map(each -> scored(experiment, each).predictions())
                .toList();
    }

    private ScoredTargets scored(Experiment experiment, FinishedCell each) {
        RunConfig config = each.cell().config();
        return scored.computeIfAbsent(
                config.out(), out -> PredictionFile.read(new RunFiles(out).predictions(), experiment.data(config)));
    }

    private static List<Facts> facts(Experiment experiment) {
        Cells cells = experiment.cells();
        Grid grid = cells.grid();
        RunConfig config = cells.all().get(0).config();
        Statistics statistics = experiment.data(config).statistics();
        String rates = grid.rates().isEmpty()
                ? "as configured"
                : grid.rates().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return List.of(
                new Facts(
                        "Data",
                        List.of(
                                new Fact("users", count(statistics.users())),
                                new Fact("items", count(statistics.items())),
                                new Fact("interactions", count(statistics.interactions())),
                                new Fact(
                                        "liked",
                                        String.format(Locale.ROOT, "%.1f %%", 100 * statistics.positiveShare())))),
                new Facts(
                        "Every row",
                        List.of(
                                new Fact("model", config.model().name()),
                                new Fact(
                                        "targets per optimiser step",
                                        count(config.train().targetsPerStep())),
                                new Fact("epochs, at most", count(config.train().epochs())),
                                new Fact(
                                        "seeds",
                                        grid.seeds().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", "))),
                                new Fact("learning rates tried", rates),
                                new Fact("validation targets", validationTargets(config)),
                                new Fact("configuration", grid.base().toString()))));
    }

    private static String validationTargets(RunConfig config) {
        int most = config.train().validationTargets();
        return most == 0 ? "all" : "a sample of " + count(most);
    }

    private static List<Facts> provenance(Experiment experiment) {
        return experiment.cells().grid().variants().stream()
                .flatMap(variant -> experiment.chosen(variant).stream())
                .findFirst()
                .map(each -> {
                    Provenance provenance =
                            Provenance.read(new RunFiles(each.cell().config().out()));
                    List<Fact> facts = new ArrayList<>();
                    facts.add(new Fact("data", provenance.dataHash()));
                    facts.add(new Fact("model", provenance.model()));
                    facts.add(new Fact("precision", provenance.precision()));
                    provenance.host().forEach((name, value) -> facts.add(new Fact(name, value)));
                    return List.of(new Facts("First run", facts));
                })
                .orElse(List.of());
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
