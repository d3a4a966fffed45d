package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** How far runs on different numbers of threads may differ: sums are added in another order, nothing else. */
final class ThreadCountTest {
    private static final double BOUND = 1e-4;

    @TempDir
    private static Path folder;

    @Test
    void twoThreadCountsAgreeAndOneAgreesWithItselfBitForBit() throws IOException {
        List<Double> one = losses("one", 1);
        List<Double> two = losses("two", 2);
        assertThat(two).isEqualTo(losses("again", 2)).hasSameSizeAs(one).hasSizeGreaterThan(10);
        for (int step = 0; step < one.size(); step++) {
            assertThat(two.get(step)).describedAs("step %d", step).isCloseTo(one.get(step), within(BOUND));
        }
    }

    private static List<Double> losses(String name, int threads) throws IOException {
        RunConfig config = TinyRun.config(folder.resolve(name), threads);
        TinyRun.job(config).run(false, () -> false);
        JsonMapper json = new JsonMapper();
        return Files.readAllLines(config.out().resolve("steps.jsonl")).stream()
                .map(line -> json.readTree(line).get("loss").asDouble())
                .toList();
    }
}
