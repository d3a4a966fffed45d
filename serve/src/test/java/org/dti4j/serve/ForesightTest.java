package org.dti4j.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ForesightTest {
    private static final long SECOND = 1_000_000_000;

    private long now;
    private final Foresight foresight = new Foresight(Duration.ofSeconds(10), () -> now); // none waits longer than five

    @Test
    void everybodyIsAdmittedBeforeAnythingWasMeasured() {
        assertThat(foresight.admits(candidates(1_000))).isTrue();
        assertThat(foresight.admits(candidates(1_000))).isTrue();
    }

    @Test
    void whoWouldWaitTooLongIsRefusedUntilTheQueueIsShorter() {
        foresight.took(candidates(10), 10 * SECOND); // a second each
        assertThat(foresight.admits(candidates(3))).isTrue();
        assertThat(foresight.admits(candidates(2))).isTrue();
        assertThat(foresight.admits(candidates(1))).as("would wait six seconds").isFalse();
        foresight.leave(candidates(3));
        assertThat(foresight.admits(candidates(3))).isTrue();
        assertThat(foresight.admits(candidates(1)))
                .as("five wait, the refused one not among them")
                .isFalse();
    }

    @Test
    void whoFindsNobodyWaitingIsAdmittedHoweverMuchItAsks() {
        foresight.took(candidates(1), SECOND);
        assertThat(foresight.admits(candidates(100))).isTrue();
        foresight.leave(candidates(100));
        assertThat(foresight.admits(candidates(100))).isTrue();
    }

    @Test
    void theNewestBatchesCountMost() {
        foresight.took(candidates(1), SECOND);
        for (int batch = 0; batch < 50; batch++) {
            foresight.took(candidates(1), SECOND / 1000);
        }
        assertThat(foresight.admits(candidates(1))).isTrue();
        assertThat(foresight.admits(candidates(4_000))).isTrue();
        assertThat(foresight.admits(candidates(2_000))).isFalse();
    }

    /** Else a server that has just read some histories refuses those who wait for one candidate each. */
    @Test
    void whatReadingTookIsNotExpectedOfCandidatesAlone() {
        foresight.took(new Foresight.Work(4, 4), 8 * SECOND); // two seconds a history
        foresight.took(candidates(10), SECOND); // a tenth each
        assertThat(foresight.admits(candidates(20))).isTrue();
        assertThat(foresight.admits(candidates(20))).isTrue();
        assertThat(foresight.admits(new Foresight.Work(1, 1))).as("6.1 seconds").isFalse();
        foresight.leave(candidates(20));
        assertThat(foresight.admits(new Foresight.Work(1, 1))).as("4.1 seconds").isTrue();
    }

    @Test
    void whatWouldTakeTooLongByItselfIsToldSoOnlyAfterAMeasurement() {
        assertThat(foresight.isTooMuch(candidates(1_000_000))).isFalse();
        foresight.took(candidates(10), SECOND); // a tenth each
        assertThat(foresight.isTooMuch(candidates(99))).isFalse();
        assertThat(foresight.isTooMuch(candidates(101))).isTrue();
        now += 61 * SECOND;
        assertThat(foresight.isTooMuch(candidates(101)))
                .as("is tried again: a machine that was busy would refuse for ever")
                .isFalse();
    }

    @Test
    void workThatWasStoppedTakesAtLeastAsLong() {
        foresight.stopped(candidates(1_000), 11 * SECOND);
        assertThat(foresight.isTooMuch(candidates(1_000))).isTrue();
        assertThat(foresight.isTooMuch(candidates(900))).isFalse();
        foresight.stopped(candidates(1_000), SECOND); // its client left
        assertThat(foresight.isTooMuch(candidates(1_000)))
                .as("what is known already is not forgotten")
                .isTrue();
    }

    @Test
    void aHistoryAndItsCandidatesShareTheTimeThatTheyWereStoppedAfter() {
        foresight.stopped(new Foresight.Work(980, 1), 10 * SECOND);
        assertThat(foresight.isTooMuch(new Foresight.Work(10, 1)))
                .as("reading a history is not all that took so long")
                .isFalse();
    }

    @Test
    void aPieceTakesASecond() {
        assertThat(foresight.pieces(candidates(1))).isEqualTo(1);
        assertThat(foresight.pieces(candidates(1_000)))
                .as("of a model whose pace is not known")
                .isGreaterThan(10);
        foresight.took(candidates(1_000), SECOND);
        assertThat(foresight.pieces(candidates(1_000))).isEqualTo(1);
        assertThat(foresight.pieces(candidates(3_500))).isEqualTo(4);
    }

    private static Foresight.Work candidates(int count) {
        return new Foresight.Work(count, 0);
    }
}
