package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prediction that is killed, process and all, goes on where it was, and nobody can tell from its output. */
final class KilledPredictionTest {
    private static final int ROWS = 6000;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        TinyRun.train(folder.resolve("run"));
        Random random = new Random(3);
        Files.writeString(
                folder.resolve("rows.csv"),
                IntStream.range(0, ROWS)
                        .mapToObj(i -> "%d,i%d,\"[{\"\"item\"\": \"\"i%d\"\", \"\"liked\"\": true}]\"\n"
                                .formatted(i, random.nextInt(30), random.nextInt(30)))
                        .collect(Collectors.joining("", "row,item,history\n", "")));
    }

    /** As a process of its own: the folder, the output's name. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        Path run = folder.resolve("run");
        try (ClickScorer scorer = ClickScorer.load(run, System::nanoTime)) {
            new PredictionJob(scorer, run, TinyRun::data, 100, Progress.SILENT)
                    .run(folder.resolve("rows.csv"), folder.resolve(arguments[1]), () -> false);
        }
    }

    private static Process started(String output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledPredictionTest.class.getName(),
                        folder.toString(),
                        output)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aKilledPredictionGoesOnAndItsOutputIsThatOfAnUnbrokenOne() throws Exception {
        main(new String[] {folder.toString(), "unbroken.csv"});
        Path parts = folder.resolve("killed.csv.parts");
        int kills = 0;
        for (int from : new int[] {5, 25}) {
            Process process = started("killed.csv");
            while (process.isAlive() && !Files.exists(parts.resolve("part-%06d.csv".formatted(from)))) {
                Thread.sleep(2);
            }
            kills += process.isAlive() ? 1 : 0;
            process.destroyForcibly(); // kill -9
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("killed.csv")).doesNotExist();
        }
        assertThat(kills).isEqualTo(2);
        Process last = started("killed.csv");
        assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue()).isZero();
        assertThat(folder.resolve("killed.csv")).hasSameTextualContentAs(folder.resolve("unbroken.csv"));
        assertThat(parts).doesNotExist();
    }
}
