package org.dti4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class AxisTest {
    @Test
    void ticksAreRoundNumbers() {
        assertThat(Axis.exact(0, 80_000, 0, 400, 5).ticks())
                .containsExactly(0.0, 20_000.0, 40_000.0, 60_000.0, 80_000.0);
        assertThat(Axis.exact(0, 493, 0, 400, 5).ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
    }

    @Test
    void fewTicksAndAllWithinTheAxisWhateverTheData() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(8) - 4.0);
            double high = low + random.nextDouble() * Math.pow(10, random.nextInt(8) - 4.0);
            Axis axis = Axis.rounded(low, high, 200, 20, 5);
            assertThat(axis.ticks()).hasSizeBetween(2, 8);
            assertThat(axis.place(low)).isBetween(20 - 1e-6, 200 + 1e-6);
            assertThat(axis.place(high)).isBetween(20 - 1e-6, 200 + 1e-6);
        }
    }

    @Test
    void oneValueLiesInTheMiddle() {
        assertThat(Axis.exact(0.7, 0.7, 0, 100, 5).place(0.7)).isCloseTo(50, within(1e-9));
        assertThat(Axis.exact(0, 0, 0, 100, 5).place(0)).isCloseTo(50, within(1e-9));
    }

    @Test
    void decimalPlacesTellTicksApart() {
        assertThat(Axis.exact(0.70, 0.72, 0, 100, 5).places()).isEqualTo(3);
        assertThat(Axis.exact(0.5, 1, 0, 100, 5).places()).isEqualTo(1);
        assertThat(Axis.exact(0, 500, 0, 100, 5).places()).isZero();
    }
}
