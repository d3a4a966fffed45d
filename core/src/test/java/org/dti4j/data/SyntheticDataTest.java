package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SyntheticDataTest {
    @Test
    void equalSeedsGiveEqualData() {
        assertThat(SyntheticData.of(1, 20, 30, 5, 40).hash())
                .isEqualTo(SyntheticData.of(1, 20, 30, 5, 40).hash())
                .isNotEqualTo(SyntheticData.of(2, 20, 30, 5, 40).hash());
    }

    @Test
    void hasEveryPartAndBothLabels() {
        Statistics statistics = SyntheticData.of(1, 50, 30, 20, 40).statistics();
        assertThat(statistics.parts().values())
                .allSatisfy(part -> assertThat(part.positives()).isPositive().isLessThan(part.interactions()));
    }
}
