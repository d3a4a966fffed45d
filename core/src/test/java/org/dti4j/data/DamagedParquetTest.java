package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.dti4j.problem.UserException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files with the right columns that are damaged inside, as fuzzing found them. */
final class DamagedParquetTest {
    @ParameterizedTest
    @ValueSource(strings = {"damaged-protocol.parquet", "damaged-buffer.parquet"})
    void areTheUsersToReplace(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(DamagedParquetTest.class.getResourceAsStream(name))) {
            byte[] content = in.readAllBytes();
            assertThatThrownBy(() -> LogFuzz.prepare(Format.TABLE, content))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("data.interactions = ")
                    .hasMessageContaining("is damaged: ")
                    .hasMessageNotContaining("CREATE TABLE");
        }
    }
}
