package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.dti4j.file.FolderLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several that need the same prepared folder at once, as processes that train together do. */
final class PreparedStoreTest {
    @TempDir
    private Path folder;

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                prepared: data
                train: {maxTargets: 40, targetsPerStep: 20, validationTargets: 20}
                evaluate: {maxTargets: 20}
                """);
    }

    @Test
    void whatAnEarlierVersionPreparedIsTheSameData() throws IOException {
        Terminal terminal = new Terminal();
        String config = config().toString();
        assertThat(terminal.run("prepare", config)).as(terminal.err()).isZero();
        Path section = folder.resolve("data/data.yaml");
        String earlier = Files.readString(section).replaceFirst("maximumUsers: 0\n", "");
        Files.writeString(section, earlier);
        assertThat(terminal.run("train", config, "--set", "out=" + folder.resolve("run")))
                .as(terminal.err())
                .isZero();
        Files.writeString(section, earlier.replace("minimumInteractions: 5", "minimumInteractions: 4"));
        assertThat(terminal.run("train", config, "--set", "out=" + folder.resolve("other")))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("must be another folder: this one was made from another section data");
    }

    /** All of them begin at once; what each wrote to standard error, or nothing if it succeeded. */
    private static List<String> together(int processes, String... arguments) throws Exception {
        try (Threads threads = new Threads(processes)) {
            List<Future<String>> ends = threads.all(() -> {
                Terminal terminal = new Terminal();
                return terminal.run(arguments) == 0 ? "" : terminal.err();
            });
            return ends.stream().map(PreparedStoreTest::end).toList();
        }
    }

    private static String end(Future<String> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private record Threads(ExecutorService service, int count) implements AutoCloseable {
        Threads(int count) {
            this(Executors.newFixedThreadPool(count), count);
        }

        List<Future<String>> all(Callable<String> task) throws InterruptedException {
            return service.invokeAll(
                    IntStream.range(0, count).mapToObj(each -> task).toList());
        }

        @Override
        public void close() {
            service.shutdownNow();
        }
    }

    @Test
    void preparingTwiceAtOnceEndsInOneWholeFolder() throws Exception {
        String config = config().toString();

        assertThat(together(3, "prepare", config)).containsOnly("");
        assertThat(folder.resolve("data")).isDirectoryContaining("glob:**/stats.json");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void whoeverComesSecondWaitsForTheFirst() throws Exception {
        String config = config().toString();
        Path data = folder.resolve("data");
        FolderLock first = FolderLock.beside(data).orElseThrow();
        try (Threads threads = new Threads(1)) {
            Future<String> second = threads.service().submit(() -> {
                Terminal terminal = new Terminal();
                return terminal.run("train", config, "--dry-run") == 0 ? "" : terminal.err();
            });
            Thread.sleep(1500);
            assertThat(second.isDone()).isFalse();
            assertThat(data).doesNotExist();

            first.close();
            assertThat(second.get()).isEmpty();
            assertThat(data).isDirectoryContaining("glob:**/stats.json");
        }
    }
}
