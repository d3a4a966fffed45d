package org.dti4j.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.dti4j.cli.report.ExamplePrompt;
import org.dti4j.cli.report.ReportModel;
import org.dti4j.cli.report.ReportModel.Difference;
import org.dti4j.cli.report.ReportModel.Fact;
import org.dti4j.cli.report.ReportModel.Facts;
import org.dti4j.cli.report.ReportModel.Speed;
import org.dti4j.data.PreparedData;
import org.dti4j.data.Split;
import org.dti4j.data.Statistics;
import org.dti4j.method.Flops;
import org.dti4j.method.Method;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.Predictions;
import org.dti4j.metric.UserBootstrap;
import org.dti4j.run.RunConfig;
import org.dti4j.score.Baseline;
import org.dti4j.score.Baselines;
import org.jspecify.annotations.Nullable;

/** Gathers what a report shows of finished runs on the same data. */
final class RunReport {
    private final List<FinishedRun> runs;
    private final PreparedData data;
    private final UserBootstrap bootstrap;
    private final List<String> remarks = new ArrayList<>();

    RunReport(List<FinishedRun> runs, PreparedData data) {
        this.runs = runs;
        this.data = data;
        bootstrap = new UserBootstrap(runs.get(0).config().evaluate().seed());
    }

    /** Adds what the reader must know. */
    RunReport remark(String text) {
        remarks.add(text);
        return this;
    }

    ReportModel model(String title, List<ExamplePrompt> examples) {
        List<Difference> differences = new ArrayList<>();
        List<ReportModel.Baseline> baselines = baselines(differences);
        for (int i = 0; i < runs.size(); i++) {
            for (int j = i + 1; j < runs.size(); j++) {
                differences.addAll(between(runs.get(i), runs.get(j)));
            }
        }
        return new ReportModel(
                title,
                facts(),
                IntStream.range(0, runs.size())
                        .mapToObj(i -> runs.get(i).toReport(i))
                        .toList(),
                baselines,
                differences,
                speed(),
                examples,
                provenance(),
                remarks);
    }

    private List<Difference> between(FinishedRun one, FinishedRun other) {
        if (!one.test().isOfSameTargets(other.test())) {
            remarks.add("%s and %s were tested on different targets, so their difference has no interval."
                    .formatted(one.name(), other.name()));
            return List.of();
        }
        return Difference.of(
                one.name(), one.test().predictions(), other.name(), other.test().predictions(), bootstrap);
    }

    /** Baselines on the targets of the first run, and how they differ from the best run on them. */
    private List<ReportModel.Baseline> baselines(List<Difference> differences) {
        FinishedRun first = runs.get(0);
        FinishedRun best = runs.stream()
                .filter(run -> run.test().isOfSameTargets(first.test()))
                .max(Comparator.comparingDouble(run -> run.metrics().test().auc()))
                .orElse(first);
        Baselines counted = Baselines.of(data);
        List<ReportModel.Baseline> baselines = new ArrayList<>();
        for (Baseline baseline : Baseline.values()) {
            Predictions predictions = first.test()
                    .predictions(counted.probabilities(
                            baseline, first.test().users(), first.test().interactions()));
            baselines.add(new ReportModel.Baseline(baseline.title(), Metrics.of(predictions, bootstrap)));
            differences.addAll(
                    Difference.of(best.name(), best.test().predictions(), baseline.title(), predictions, bootstrap));
        }
        return baselines;
    }

    /** Eq. 3 beside the measured ratio, for the first sliding-window run and the first stream run. */
    private @Nullable Speed speed() {
        FinishedRun sliding =
                runs.stream().filter(FinishedRun::isSlidingWindow).findFirst().orElse(null);
        FinishedRun stream =
                runs.stream().filter(run -> !run.isSlidingWindow()).findFirst().orElse(null);
        return sliding == null || stream == null
                ? null
                : new Speed(
                        stream.name(),
                        sliding.name(),
                        timeRatio(sliding, stream),
                        flopsRatio(stream.config().method()));
    }

    static double timeRatio(FinishedRun sliding, FinishedRun stream) {
        return sliding.metrics().train().msPerTarget()
                / stream.metrics().train().msPerTarget();
    }

    /** Eq. 3: how many times less a target of this method costs than one of the sliding window. */
    static double flopsRatio(Method method) {
        return Flops.reduction(method.context(), method.targets().count());
    }

    private List<Facts> facts() {
        Statistics statistics = data.statistics();
        List<Facts> groups = new ArrayList<>();
        groups.add(new Facts(
                "Data",
                List.of(
                        new Fact("users", number(statistics.users())),
                        new Fact("items", number(statistics.items())),
                        new Fact("interactions", number(statistics.interactions())),
                        new Fact("liked", String.format(Locale.ROOT, "%.1f %%", 100 * statistics.positiveShare())),
                        new Fact(
                                "split by time",
                                split(runs.get(0).config().data().split())))));
        for (FinishedRun run : runs) {
            RunConfig config = run.config();
            groups.add(new Facts(
                    run.name(),
                    List.of(
                            new Fact("method", config.method().name()),
                            new Fact("context n", number(config.method().context())),
                            new Fact(
                                    "targets per prompt k",
                                    config.method().targets().toString()),
                            new Fact("model", config.model().name()),
                            new Fact("trained numbers", number(run.provenance().parameters())),
                            new Fact("targets per step", number(config.train().targetsPerStep())),
                            new Fact(
                                    "learning rate",
                                    Double.toString(config.train().learningRate())),
                            new Fact(
                                    "trained",
                                    String.format(
                                            Locale.ROOT,
                                            "%,d targets in %.0f s",
                                            run.metrics().train().targets(),
                                            run.metrics().train().seconds())))));
        }
        return groups;
    }

    private static String split(Split split) {
        return String.format(
                Locale.ROOT,
                "%s : %s : %s, one global cut",
                tenths(split.train()),
                tenths(split.validation()),
                tenths(split.test()));
    }

    /** A share in tenths, as 8 : 1 : 1 has them, without the last digits of binary fractions. */
    private static String tenths(double share) {
        return BigDecimal.valueOf(10 * share)
                .setScale(6, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private List<Facts> provenance() {
        List<Facts> groups = new ArrayList<>();
        for (FinishedRun run : runs) {
            List<Fact> facts = new ArrayList<>();
            facts.add(new Fact("seed", Long.toString(run.provenance().seed())));
            facts.add(new Fact("data", run.provenance().dataHash()));
            facts.add(new Fact("model", run.provenance().model()));
            if (run.provenance().checkpointHash() != null) {
                facts.add(new Fact("checkpoint", run.provenance().checkpointHash()));
            }
            facts.add(new Fact("precision", run.provenance().precision()));
            run.provenance().host().forEach((name, value) -> facts.add(new Fact(name, value)));
            groups.add(new Facts(run.name(), facts));
        }
        return groups;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
