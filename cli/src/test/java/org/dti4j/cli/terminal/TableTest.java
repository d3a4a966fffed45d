package org.dti4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void namesStandLeftAndNumbersRight() {
        assertThat(Table.of("method", "AUC")
                        .row("dti", ".7514")
                        .row("sliding-window", "1")
                        .toString())
                .isEqualTo("""
                        method            AUC
                        --------------  -----
                        dti             .7514
                        sliding-window      1
                        """);
    }

    @Test
    void aRowOfAnotherWidthIsRefused() {
        assertThatThrownBy(() -> Table.of("a", "b").row("1")).isInstanceOf(IllegalArgumentException.class);
    }
}
