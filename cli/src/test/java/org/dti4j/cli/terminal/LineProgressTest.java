package org.dti4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.Test;

final class LineProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long seconds;
    private final Progress progress = new LineProgress(
            new PrintStream(written, true, StandardCharsets.UTF_8), () -> TimeUnit.SECONDS.toNanos(seconds));

    @Test
    void aLineEveryTenSecondsAndOneAtTheEnd() {
        try (Progress.Task task = progress.begin("scoring", 1200)) {
            for (int step = 0; step < 12; step++) {
                seconds += 2;
                task.advance(100);
            }
        }
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("""
                scoring: 500 of 1,200 (41 %), 50.0/s, 14 s left
                scoring: 1,000 of 1,200 (83 %), 50.0/s, 4 s left
                scoring: 1,200 in 24 s
                """);
    }

    @Test
    void aStateTakesThePlaceOfRateAndRemainingTime() {
        Progress.Task task = progress.begin("training", 100);
        seconds = 10;
        task.note("loss 0.61, 1 min left");
        task.advance(50);
        assertThat(written.toString(StandardCharsets.UTF_8))
                .isEqualTo("training: 50 of 100 (50 %), loss 0.61, 1 min left\n");
    }

    @Test
    void anUnknownTotalHasNeitherShareNorRemainingTime() {
        Progress.Task task = progress.begin("reading", -1);
        seconds = 10;
        task.advance(20_000);
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("reading: 20,000, 2,000/s\n");
    }

    @Test
    void whatIsShortOrDidNothingEndsWithoutAWord() {
        Progress.Task quick = progress.begin("quick", 1);
        quick.advance(1);
        quick.close();
        Progress.Task failed = progress.begin("failed", 1);
        seconds = 5;
        failed.close();
        assertThat(written.size()).isZero();
    }

    @Test
    void durationsReadLikeSpeech() {
        assertThat(LineProgress.duration(TimeUnit.SECONDS.toNanos(59))).isEqualTo("59 s");
        assertThat(LineProgress.duration(TimeUnit.SECONDS.toNanos(61))).isEqualTo("1 min 01 s");
        assertThat(LineProgress.duration(TimeUnit.SECONDS.toNanos(7261))).isEqualTo("2 h 01 min");
    }
}
