package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that broke DuckDB off, as fuzzing found them: they are bad rows like others, and the good ones beside them are read. */
final class HostileRowTest {
    private static final TableColumns COLUMNS = new TableColumns(
            "user", "item", "rating", null, "time", TableColumns.TimeUnit.SECONDS, null, List.of("title"), null, null);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,item\u000e,ranitg,tu,1,\u00ff\u00ff\"Big, again\"",
                "1,\u00ff\t4,4,5,H\u00a3\u009e\u008b\u00f51,2,16,\"Big, agai"
            })
    void tooManyColumnsAndNoUtf8(String row) throws IOException {
        String log = "user,item,rating,time,title\n1,1,4,5,Heat\n1,2,1,6,Big\n" + row + "\n";
        Path file = Files.write(folder.resolve("log.csv"), log.getBytes(StandardCharsets.ISO_8859_1));
        DataConfig config = new DataConfig(Format.TABLE, file, null, COLUMNS, 3.0, 1, Split.defaults(), 0.5, 0, 256, 1);
        Statistics statistics =
                Preparation.prepare(config, folder.resolve("prepared"), LogFixture.NOW, Progress.SILENT);
        assertThat(statistics.interactions()).isEqualTo(2);
    }
}
