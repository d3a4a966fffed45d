package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dti4j.cli.report.ReportModel.Measure;
import org.dti4j.cli.report.ReportModel.Speed;
import org.dti4j.metric.PairedDifference;

/** What the numbers say, in plain words: who won, whether by more than chance, and whether a baseline did. */
final class Verdict {
    private final ReportModel model;
    private final List<Scored> runs;
    private final List<Scored> baselines;

    private Verdict(ReportModel model) {
        this.model = model;
        Comparator<Scored> best =
                Comparator.comparingDouble((Scored row) -> row.test().auc()).reversed();
        List<Scored> ranked = Scored.all(model).stream()
                .filter(row -> Double.isFinite(row.test().auc()))
                .sorted(best)
                .toList();
        this.runs = ranked.stream().filter(row -> !row.isBaseline()).toList();
        this.baselines = ranked.stream().filter(Scored::isBaseline).toList();
    }

    /** The sentences, the most important one first; at least one. */
    static List<String> of(ReportModel model) {
        return new Verdict(model).sentences();
    }

    /** The outcome in one or two sentences; a baseline that wins is never left out. */
    static String headline(ReportModel model) {
        Verdict verdict = new Verdict(model);
        String first = verdict.sentences().get(0);
        return verdict.aBaselineWins()
                ? "%s Yet the baseline %s is ahead of every trained run: AUC %s."
                        .formatted(
                                first,
                                verdict.baselines.get(0).name(),
                                Numbers.score(verdict.baselines.get(0).test().auc()))
                : first;
    }

    private boolean aBaselineWins() {
        return !runs.isEmpty()
                && !baselines.isEmpty()
                && baselines.get(0).test().auc() >= runs.get(0).test().auc();
    }

    private List<String> sentences() {
        if (runs.isEmpty()) {
            return List.of(
                    "No run has an AUC on the test part: all its targets have the same label, or there is none.");
        }
        List<String> sentences = new ArrayList<>();
        Scored best = runs.get(0);
        if (runs.size() == 1) {
            sentences.add("%s reaches an AUC of %s on the test part, 95 %% interval %s."
                    .formatted(best.name(), Numbers.score(best.test().auc()), aucInterval(best)));
        } else {
            sentences.add(compare(best, runs.get(1)));
            logLoss(best, runs.get(1)).ifPresent(sentences::add);
        }
        baselines.stream().findFirst().ifPresent(baseline -> sentences.add(againstBaseline(best, baseline)));
        Speed speed = model.speed();
        if (speed != null) {
            sentences.add(speed(speed));
        }
        return sentences;
    }

    private static String aucInterval(Scored row) {
        return Numbers.interval(row.test().aucLow(), row.test().aucHigh());
    }

    private String compare(Scored better, Scored worse) {
        String scores = "AUC %s against %s"
                .formatted(
                        Numbers.score(better.test().auc()),
                        Numbers.score(worse.test().auc()));
        Optional<PairedDifference> difference =
                model.difference(better.name(), worse.name(), Measure.AUC).filter(given -> !Double.isNaN(given.low()));
        if (difference.isEmpty() && better.test().auc() == worse.test().auc()) {
            return "%s and %s have the same AUC on the test part: %s."
                    .formatted(
                            trained(better),
                            trained(worse),
                            Numbers.score(better.test().auc()));
        }
        if (difference.isEmpty()) {
            return "%s ranks the test targets better than %s: %s. No interval of the difference was computed."
                    .formatted(trained(better), trained(worse), scores);
        }
        String by = withInterval(difference.get());
        return difference.get().outsideNoise()
                ? "%s ranks the test targets better than %s: %s. The difference, %s, is more than chance: its 95 %% interval leaves out zero."
                        .formatted(trained(better), trained(worse), scores, by)
                : "%s and %s cannot be told apart by AUC: %s. The 95 %% interval of the difference, %s, includes zero."
                        .formatted(trained(better), trained(worse), scores, by);
    }

    /** A run's name and what it was given: without that a comparison says little. */
    private static String trained(Scored row) {
        ReportRun run = row.run();
        return run == null
                ? row.name()
                : "%s (%s targets, %s)"
                        .formatted(run.name(), Numbers.count(run.targets()), Numbers.duration(run.seconds()));
    }

    private static String withInterval(PairedDifference difference) {
        return Numbers.signed(difference.difference()) + " "
                + Numbers.signedInterval(difference.low(), difference.high());
    }

    private Optional<String> logLoss(Scored better, Scored worse) {
        return model.difference(better.name(), worse.name(), Measure.LOG_LOSS)
                .filter(difference -> !Double.isNaN(difference.low()))
                .map(difference -> {
                    String names = difference.difference() <= 0
                            ? "%s is lower (better) than %s".formatted(better.name(), worse.name())
                            : "%s is higher (worse) than %s".formatted(better.name(), worse.name());
                    String chance = difference.outsideNoise() ? "which is more than chance" : "which may be chance";
                    return "In log loss %s: %s, %s.".formatted(names, withInterval(difference), chance);
                });
    }

    private String againstBaseline(Scored run, Scored baseline) {
        double gain = run.test().auc() - baseline.test().auc();
        Optional<PairedDifference> difference = model.difference(run.name(), baseline.name(), Measure.AUC);
        String by = difference
                .filter(d -> !Double.isNaN(d.low()))
                .map(d -> withInterval(d) + (d.outsideNoise() ? "" : ", which may be chance"))
                .orElse(Numbers.signed(gain));
        String score = "%s (AUC %s)"
                .formatted(baseline.name(), Numbers.score(baseline.test().auc()));
        if (!aBaselineWins()) {
            return "%s is ahead of the best baseline, %s: %s.".formatted(run.name(), score, by);
        }
        return "A baseline wins: %s is ahead of every trained run; %s is behind it by %s. %s"
                .formatted(score, run.name(), by, whyABaselineWins(run))
                .strip();
    }

    /** Only what the numbers themselves show. */
    private static String whyABaselineWins(Scored run) {
        ReportRun trained = run.run();
        if (trained == null || trained.targets() <= 0) {
            return "";
        }
        return ("A count has nothing to learn and reads more outcomes than the context holds, while %s had to learn from %s "
                        + "targets how outcomes go together.")
                .formatted(run.name(), Numbers.count(trained.targets()));
    }

    private static String speed(Speed speed) {
        String measured = "A training target took %s the time in %s that it took in %s"
                .formatted(Numbers.ratio(speed.timeRatio()), speed.slower(), speed.faster());
        return "%s (measured); by the count of operations, Eq. 3 of the paper, it would be %s."
                .formatted(measured, Numbers.ratio(speed.flopsRatio()));
    }
}
