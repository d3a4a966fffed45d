package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dti4j.train.TrainConfig.Schedule;
import org.junit.jupiter.api.Test;

final class LearningRateTest {
    private static double[] rates(Schedule schedule, double warmup, int steps) {
        LearningRate rate = new LearningRate(Configs.plain()
                .learningRate(1)
                .schedule(schedule)
                .warmup(warmup)
                .build());
        return IntStream.range(0, steps)
                .mapToDouble(step -> rate.at((double) step / steps, 1.0 / steps))
                .toArray();
    }

    @Test
    void risesLinearlyToTheHighestRateAndStays() {
        assertThat(rates(Schedule.CONSTANT, 0.4, 10))
                .containsExactly(new double[] {.25, .5, .75, 1, 1, 1, 1, 1, 1, 1}, within(1e-12));
    }

    @Test
    void fallsLinearlyTowardsZero() {
        assertThat(rates(Schedule.LINEAR, 0.2, 10))
                .containsExactly(
                        new double[] {.5, 1, 1, 7 / 8., 6 / 8., 5 / 8., 4 / 8., 3 / 8., 2 / 8., 1 / 8.}, within(1e-12));
    }

    @Test
    void fallsAlongACosine() {
        double[] rates = rates(Schedule.COSINE, 0, 100);
        assertThat(rates[0]).isEqualTo(1);
        assertThat(rates[50]).isCloseTo(.5, within(1e-12));
        assertThat(rates[25]).isCloseTo((1 + Math.sqrt(.5)) / 2, within(1e-12));
        assertThat(rates[99]).isBetween(1e-5, 1e-3);
    }

    @Test
    void isZeroOnceTheRunIsOverItsBound() {
        LearningRate rate = new LearningRate(Configs.plain().warmup(0.1).build());
        assertThat(rate.at(1.3, 0.01)).isZero();
    }

    @Test
    void warmUpThatEndsWithinAStepReachesTheHighestRate() {
        double[] rates = rates(Schedule.LINEAR, 0.25, 10);
        assertThat(Arrays.copyOf(rates, 3)).containsExactly(new double[] {.4, .8, 1}, within(1e-12));
    }
}
