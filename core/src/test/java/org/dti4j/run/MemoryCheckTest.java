package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Stream;
import org.dti4j.train.Step;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final LlamaConfig LARGE =
            new LlamaConfig(128_256, 4096, 14336, 32, 32, 8, 128, 1e-5, 500_000, null, false, false, false);

    private static Stream stream(int targets) {
        return new Stream(0, 0, 0, targets);
    }

    private static MemoryCheck check(boolean allWeights, long available) {
        return new MemoryCheck(RunConfig.defaults(), allWeights, available);
    }

    @Test
    void aModelBeyondTheMachineIsRefusedWithTheEstimateTheMemoryAndTheKnob() {
        assertThatThrownBy(() -> check(true, 23L << 30).weights(LARGE))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("150.2 GiB")
                .hasMessageContaining("at most the 23.0 GiB")
                .hasMessageContaining("adapter.kind (lora)");
    }

    @Test
    void theSameModelFitsWithAnAdapterAndHalfPrecision() {
        assertThatCode(() -> check(false, 23L << 30).weights(LARGE)).doesNotThrowAnyException();
    }

    @Test
    void nothingIsRefusedWhereTheMemoryIsUnknown() {
        assertThatCode(() -> check(true, 0).weights(LARGE)).doesNotThrowAnyException();
    }

    @Test
    void theLargestMicroBatchIsThatOfMostTokensNotOfMostStreams() {
        List<Stream> long1 = List.of(stream(30));
        List<Step> steps = List.of(new Step(List.of(List.of(stream(5), stream(6)), long1)));
        assertThat(MemoryCheck.largest(steps.iterator(), Stream::targets, 0)).isEqualTo(long1);
    }

    @Test
    void stepsThatTheRunNeverReachesDoNotCount() {
        List<Step> steps = List.of(new Step(List.of(List.of(stream(5)))), new Step(List.of(List.of(stream(9)))));
        assertThat(MemoryCheck.largest(steps.iterator(), Stream::targets, 5)).containsExactly(stream(5));
        assertThat(MemoryCheck.largest(steps.iterator(), Stream::targets, 6)).containsExactly(stream(9));
    }

    @Test
    void theLongestPromptsAreScoredTogetherUpToTheBound() {
        List<Stream> streams = List.of(stream(3), stream(8), stream(5));
        assertThat(MemoryCheck.longest(streams, Stream::targets, 13)).containsExactly(stream(8), stream(5));
        assertThat(MemoryCheck.longest(streams, Stream::targets, 2)).containsExactly(stream(8));
    }
}
