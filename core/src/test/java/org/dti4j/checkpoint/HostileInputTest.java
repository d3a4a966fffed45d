package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every malformed file is refused as the user's, with the reason, at once and in little memory. */
final class HostileInputTest {
    private static final long MOST_BYTES = 128L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    static Stream<Hostile> inputs() {
        return Stream.concat(HostileTensors.all(), HostileSettings.all());
    }

    @Test
    void thereAreHundredsOfThem() {
        assertThat(inputs().count()).isGreaterThan(300);
        assertThat(inputs().map(Hostile::toString).distinct().count()).isEqualTo(inputs().count());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isRefusedWithTheReason(Hostile hostile) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Throwable failure = catchThrowable(() -> hostile.format().read(hostile.content(), folder));
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(failure).isInstanceOfSatisfying(UserException.class, refusal -> {
            String message = String.join("\n", refusal.problems());
            assertThat(message).containsPattern(hostile.expected()).doesNotContain("Exception");
            assertThat(refusal.problems()).hasSizeBetween(1, 30);
            assertThat(message.length()).as("a message is for people").isLessThan(20_000);
        });
        assertThat(taken).as("bytes of heap").isLessThan(MOST_BYTES);
    }
}
