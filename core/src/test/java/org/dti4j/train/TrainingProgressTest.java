package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.Test;

final class TrainingProgressTest {
    @Test
    void aResumedRunAdvancesOverTargetsWithLossRateAndTimeLeftAtItsOwnSpeed() {
        List<String> told = new ArrayList<>();
        Progress progress = (name, total) -> {
            told.add(name + " " + total);
            return new Progress.Task() {
                @Override
                public void advance(long units) {
                    told.add("+" + units);
                }

                @Override
                public void note(String state) {
                    told.add(state);
                }

                @Override
                public void close() {
                    told.add("end");
                }
            };
        };
        Budget budget = new Budget(Configs.plain().epochs(2).build(), 1000);
        Position start = new Position(5, 0, 5, 500, 5000, 100);
        try (TrainingProgress shown = new TrainingProgress(progress, budget, start)) {
            Position after = start.afterStep(100, 1000, 10);
            shown.advanceTo(after, new StepReport(6, 1, 600, 6000, 0.61234, 1e-4, 1, 10, 110));
        }
        assertThat(told)
                .containsExactly(
                        "training 2000",
                        "+500",
                        "epoch 1, loss 0.6123, 10.00 targets/s, 2 min 20 s left",
                        "+100",
                        "end");
    }

    @Test
    void durationsAreSaidInTheUnitsThatMatter() {
        assertThat(TrainingProgress.duration(7.4)).isEqualTo("7 s");
        assertThat(TrainingProgress.duration(125)).isEqualTo("2 min 05 s");
        assertThat(TrainingProgress.duration(7320)).isEqualTo("2 h 02 min");
    }
}
