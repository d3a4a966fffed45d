package org.dti4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.cli.report.ReportModel.Baseline;
import org.dti4j.cli.report.ReportModel.Difference;
import org.dti4j.cli.report.ReportModel.Measure;
import org.dti4j.cli.report.ReportModel.Speed;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VerdictTest {
    private static final PairedDifference CLEAR = new PairedDifference(0.02, 0.01, 0.03, 0.001);
    private static final PairedDifference CHANCE = new PairedDifference(0.02, -0.01, 0.05, 0.2);

    @Test
    void clearDifferenceNamesTheWinner() {
        assertThat(Verdict.headline(model(0.70, 0.72, 0.6, CLEAR)))
                .isEqualTo("dti (9,000 targets, 60 s) ranks the test targets better than window (1,000 targets, 60 s): "
                        + "AUC 0.7200 against 0.7000. The difference, +0.0200 [+0.0100, +0.0300], is more than chance: "
                        + "its 95 % interval leaves out zero.");
    }

    @Test
    void winnerIsFoundWhicheverWayTheDifferenceWasTaken() {
        assertThat(Verdict.headline(model(0.72, 0.70, 0.6, CLEAR.reversed())))
                .startsWith("window (1,000")
                .contains("+0.0200 [+0.0100, +0.0300]");
    }

    @Test
    void differenceWithinNoiseHasNoWinner() {
        assertThat(Verdict.headline(model(0.70, 0.72, 0.6, CHANCE)))
                .contains("cannot be told apart")
                .contains("includes zero")
                .doesNotContain("better");
    }

    @Test
    void withoutAnIntervalNothingIsClaimedOfChance() {
        assertThat(Verdict.headline(model(0.70, 0.72, 0.6, null)))
                .contains("No interval of the difference was computed")
                .doesNotContain("chance");
    }

    @Test
    void baselineThatWinsIsInTheHeadlineAndExplained() {
        ReportModel model = model(0.70, 0.72, 0.8, CLEAR);
        assertThat(Verdict.headline(model))
                .endsWith("Yet the baseline user mean is ahead of every trained run: AUC 0.8000.");
        assertThat(Verdict.of(model))
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("A baseline wins: user mean (AUC 0.8000)")
                        .contains("behind it by −0.0800", "from 9,000 targets"));
    }

    @Test
    void beatenBaselineIsSaidToBeBeaten() {
        ReportModel model = model(0.70, 0.72, 0.6, CLEAR);
        assertThat(Verdict.headline(model)).doesNotContain("baseline");
        assertThat(Verdict.of(model)).contains("dti is ahead of the best baseline, user mean (AUC 0.6000): +0.1200.");
    }

    @Test
    void measuredSpeedStandsBesideTheCount() {
        assertThat(Verdict.of(model(0.70, 0.72, 0.6, CLEAR)))
                .contains(
                        "A training target took 9.0× the time in window that it took in dti (measured); by the count of "
                                + "operations, Eq. 3 of the paper, it would be 14.3×.");
    }

    @Test
    void undefinedAucIsNoVictory() {
        assertThat(Verdict.headline(model(Double.NaN, Double.NaN, 0.8, null))).startsWith("No run has an AUC");
    }

    @Test
    void namesMustBeDistinctAndKnown() {
        ReportRun run = run("dti", RunColour.BLUE, 0.7, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model(List.of(run, run), List.of()))
                .withMessageContaining("dti");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model(List.of(run), List.of(new Difference("dti", "window", Measure.AUC, CLEAR))))
                .withMessageContaining("window");
    }

    private static ReportModel model(
            double ofWindow, double ofDti, double ofBaseline, @Nullable PairedDifference dtiMinusWindow) {
        List<Difference> differences = new ArrayList<>();
        if (dtiMinusWindow != null) {
            differences.add(new Difference("dti", "window", Measure.AUC, dtiMinusWindow));
        }
        List<ReportRun> runs =
                List.of(run("window", RunColour.BLUE, ofWindow, 1000), run("dti", RunColour.ORANGE, ofDti, 9000));
        return new ReportModel(
                "two runs",
                List.of(),
                runs,
                List.of(new Baseline("user mean", metrics(ofBaseline))),
                differences,
                new Speed("dti", "window", 9, 14.3),
                List.of(),
                List.of(),
                List.of());
    }

    private static ReportModel model(List<ReportRun> runs, List<Difference> differences) {
        return new ReportModel("runs", List.of(), runs, List.of(), differences, null, List.of(), List.of(), List.of());
    }

    private static ReportRun run(String name, RunColour colour, double auc, long targets) {
        return new ReportRun(name, colour, metrics(auc), targets, 60, List.of(), List.of(), null);
    }

    private static Metrics metrics(double auc) {
        return new Metrics(auc, auc - 0.01, auc + 0.01, 0.6, 0.59, 0.61, 0.7, 0.7, 0.02, 1000, 600);
    }
}
