package org.dti4j.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestKeyTest {
    @ParameterizedTest
    @CsvSource({
        "epochs, epochs, 0",
        "epoch, epochs, 1",
        "epohcs, epochs, 1",
        "rate, rates, 1",
        "abc, xyz, 3",
        "'', abc, 3"
    })
    void distanceCountsInsertionsDeletionsReplacementsAndSwaps(String a, String b, int distance) {
        assertThat(NearestKey.distance(a, b)).isEqualTo(distance);
        assertThat(NearestKey.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void aFarKeyIsNotSuggested() {
        assertThat(NearestKey.of("weather", List.of("epochs", "seed"))).isEmpty();
        assertThat(NearestKey.of("sed", List.of("epochs", "seed"))).contains("seed");
    }
}
