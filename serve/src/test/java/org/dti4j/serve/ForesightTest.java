package org.dti4j.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ForesightTest {
    private static final long SECOND = 1_000_000_000;

    private final Foresight foresight = new Foresight(Duration.ofSeconds(5));

    @Test
    void everybodyIsAdmittedBeforeAnythingWasMeasured() {
        assertThat(foresight.admits(1_000)).isTrue();
        assertThat(foresight.admits(1_000)).isTrue();
    }

    @Test
    void whoWouldWaitTooLongIsRefusedUntilTheQueueIsShorter() {
        foresight.took(10, 10 * SECOND); // a second each
        assertThat(foresight.admits(3)).isTrue();
        assertThat(foresight.admits(2)).isTrue();
        assertThat(foresight.admits(1)).as("would wait six seconds").isFalse();
        foresight.leave(3);
        assertThat(foresight.admits(3)).isTrue();
        assertThat(foresight.admits(1))
                .as("five wait, the refused one not among them")
                .isFalse();
    }

    @Test
    void whoFindsNobodyWaitingIsAdmittedHoweverMuchItAsks() {
        foresight.took(1, SECOND);
        assertThat(foresight.admits(100)).isTrue();
        foresight.leave(100);
        assertThat(foresight.admits(100)).isTrue();
    }

    @Test
    void theNewestBatchesCountMost() {
        foresight.took(1, SECOND);
        for (int batch = 0; batch < 50; batch++) {
            foresight.took(1, SECOND / 1000);
        }
        assertThat(foresight.admits(1)).isTrue();
        assertThat(foresight.admits(4_000)).isTrue();
        assertThat(foresight.admits(2_000)).isFalse();
    }
}
