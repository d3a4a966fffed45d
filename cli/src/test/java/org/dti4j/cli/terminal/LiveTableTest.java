package org.dti4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LiveTableTest {
    @ParameterizedTest
    @CsvSource({"true, '1\n2\n^3AJ1\n^1AJ'", "false, 'news\n'"})
    void aTableIsDrawnInItsPlaceAndTakenAway(boolean terminal, String expected) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        LiveTable table = new LiveTable(new Console(stream, stream, terminal));
        table.show("1\n2\n");
        table.say("news");
        table.show("1\n");
        table.clear();
        String drawn = err.toString(StandardCharsets.UTF_8);
        assertThat(terminal ? drawn.replace("news\n", "") : drawn)
                .isEqualTo(expected.replace("^3AJ", "\033[3A\033[J").replace("^1AJ", "\033[1A\033[J"));
    }
}
