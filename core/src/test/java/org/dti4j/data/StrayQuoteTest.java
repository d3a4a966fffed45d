package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A quote that is only a letter takes the rows after it with it: they are counted, whether or not another quote ends it. */
final class StrayQuoteTest {
    private static final int ROWS = 1000;
    private static final String STRAY = "\"Heroes\" and other songs";

    @TempDir
    private Path folder = Path.of("set by JUnit");

    private LogFixture log = new LogFixture(folder);

    @BeforeEach
    void inFolder() {
        log = new LogFixture(folder);
    }

    private static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            rows.add(row("Title " + row % 7, row));
        }
        return rows;
    }

    private static String row(String title, int row) {
        return "u%d\t%d\t%s\t4\t%d".formatted(row % 50, row % 7, title, row);
    }

    private DataConfig config(List<String> rows, TableColumns.@Nullable Quote quote) {
        List<String> lines = new ArrayList<>(List.of("user\titem\ttitle\trating\ttime"));
        lines.addAll(rows);
        TableColumns columns = new TableColumns(
                "user",
                "item",
                "rating",
                null,
                "time",
                TableColumns.TimeUnit.SECONDS,
                null,
                List.of("title"),
                null,
                quote);
        return DataConfig.table(log.write("log.tsv", lines.toArray(String[]::new)), null, columns, 3.0)
                .withMinimumInteractions(1);
    }

    private static DataConfig lenient(DataConfig config) {
        return config.withAllowedBadShare(1.0);
    }

    /** The second quote, if there is one, ends the first one's value: before a separator, within a value, in another column. */
    @ParameterizedTest
    @ValueSource(strings = {"", "u1\t1\tHeroes 12\"\t4\t9", "u1\t1\tthe \"Heroes\t4\t9", "u1\t1\tHeroes\t4\"\t9"})
    void whatItSwallowsIsCountedAndRefused(String second) {
        List<String> rows = rows();
        rows.set(100, row("\"Heroes and other songs", 100));
        if (!second.isEmpty()) {
            rows.set(599, second);
        }
        DataConfig config = config(rows, null);
        assertThatThrownBy(() -> log.prepare(config))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("%d of 1000 rows are bad", second.isEmpty() ? 900 : 500)
                .hasMessageContaining("data.columns.quote = none");
        assertThat(log.prepare(lenient(config)).statistics().interactions()).isEqualTo(second.isEmpty() ? 100 : 500);
    }

    @Test
    void aRowOfItsOwnIsOneBadRow() {
        List<String> rows = rows();
        rows.set(100, row(STRAY, 100));
        Statistics.Rows read =
                log.prepare(lenient(config(rows, null))).statistics().interactionRows();
        assertThat(read.rows()).isEqualTo(ROWS);
        assertThat(read.bad()).isEqualTo(Map.of(BadRow.Reason.STRAY_QUOTE, 1L));
        assertThat(read.examples()).extracting(BadRow::line).containsExactly(102L);
    }

    @Test
    void withoutQuotingItIsALetter() {
        List<String> rows = rows();
        for (int row = 0; row < ROWS; row += 7) {
            rows.set(row, row(STRAY, row));
        }
        PreparedData data = log.prepare(config(rows, TableColumns.Quote.NONE));
        assertThat(data.statistics().interactionRows().bad()).isEmpty();
        assertThat(data.items().get(0).columns()).containsEntry("title", STRAY);
    }

    @Test
    void textsOfSeveralLinesAreNoneAndAreNotCountedBesideOne() {
        List<String> rows = rows();
        for (int row = 0; row < 500; row++) {
            rows.set(row, row("\"Title\t%d\n\nwith \"\"lines\"\"\r\nand more\n\"".formatted(row % 7), row));
        }
        Statistics.Rows good = log.prepare(config(rows, null)).statistics().interactionRows();
        assertThat(good.bad()).isEmpty();
        assertThat(good.rows()).isEqualTo(ROWS);

        rows.set(600, row(STRAY, 600));
        rows.set(997, row("\"Heroes", 997));
        Statistics.Rows read =
                log.prepare(lenient(config(rows, null))).statistics().interactionRows();
        assertThat(read.bad()).isEqualTo(Map.of(BadRow.Reason.STRAY_QUOTE, 4L));
        assertThat(read.rows()).isEqualTo(ROWS);
    }
}
