package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Malformed log files: refused as the user's, in one go, and nothing half-written stays. */
final class HostileLogTest {
    private static final String CSV = "userId,movieId,rating,timestamp\n1,1,4,5\n";

    @TempDir
    private Path folder;

    @SuppressWarnings("ArrayRecordComponent")
    private record Hostile(String what, Format format, String name, byte[] content) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Hostile> logs() {
        List<Hostile> found = new ArrayList<>();
        byte[] noise = new byte[5000];
        new SplittableRandom(3).nextBytes(noise);
        for (Format format : List.of(Format.MOVIELENS_CSV, Format.MOVIELENS_1M, Format.AMAZON_2018)) {
            String name = format == Format.AMAZON_2018 ? "log.json" : "log.csv";
            add(found, format, name, "noise", noise);
            add(found, format, name, "zeros", new byte[5000]);
            add(found, format, name, "nothing", new byte[0]);
            add(found, format, name, "one line break", bytes("\n"));
            add(found, format, name, "UTF-16", CSV.getBytes(StandardCharsets.UTF_16));
            add(found, format, name, "a quote without an end", bytes("\"" + "x,".repeat(5000)));
            add(found, format, name, "a line of 40 MB", bytes("x".repeat(40_000_000)));
            add(found, format, name, "10,000 columns", bytes("x,".repeat(10_000) + "\n" + "1,".repeat(10_000)));
            add(found, format, name, "prose", bytes("It was a dark and stormy night;\nthe rain fell in torrents\n"));
            add(found, format, name, "HTML", bytes("<html><body>404 not found</body></html>\n"));
            add(found, format, name + ".gz", "no gzip", bytes(CSV));
            add(found, format, name + ".gz", "gzip cut in two", cut(gzip(noise)));
            add(found, format, name + ".gz", "the first five bytes of gzip", Arrays.copyOf(gzip(noise), 5));
            add(found, format, name + ".gz", "gzip of noise", gzip(noise));
            add(found, format, name + ".gz", "a gzip bomb of 400 MB", bomb());
            add(found, format, name + ".gz", "gzip of gzip", gzip(gzip(bytes(CSV))));
        }
        for (String json : List.of(
                "{",
                "[]",
                "1",
                "null",
                "{\"a\":1",
                "{}",
                "{\"reviewerID\":",
                "[".repeat(100_000),
                "{\"a\":".repeat(50_000),
                "{\"reviewerID\":[1]}")) {
            String shown = json.length() > 20 ? json.substring(0, 20) + "…" : json;
            add(found, Format.AMAZON_2018, "log.json", shown, bytes(json + "\n"));
        }
        byte[] fake = bytes("PAR1" + "x".repeat(100) + "PAR1");
        add(found, Format.TABLE, "log.parquet", "letters with Parquet's magic", fake);
        add(found, Format.TABLE, "log.parquet", "no Parquet", bytes(CSV));
        add(found, Format.TABLE, "log.parquet", "nothing", new byte[0]);
        add(found, Format.TABLE, "log.parquet", "noise", noise);
        return found.stream();
    }

    private static void add(List<Hostile> found, Format format, String name, String what, byte[] content) {
        found.add(new Hostile("%s, %s: %s".formatted(format, name, what), format, name, content));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bomb() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int i = 0; i < 400; i++) {
                gzip.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logs")
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isRefusedWithoutATrace(Hostile hostile) throws IOException {
        LogFixture log = new LogFixture(folder);
        Path interactions = Files.write(folder.resolve(hostile.name), hostile.content);
        Path items = log.write("movies.csv", "movieId,title,genres", "1,Title,Drama");
        Throwable failure = catchThrowable(() -> log.prepare(config(hostile.format, interactions, items)));
        assertThat(failure).isInstanceOfSatisfying(UserException.class, refusal -> {
            assertThat(refusal.problems()).hasSizeBetween(1, 30);
            assertThat(String.join("\n", refusal.problems()))
                    .contains(hostile.name)
                    .doesNotContain("Exception", "\tat ", "read: null")
                    .hasSizeLessThan(20_000);
        });
        assertThat(folder.resolve("prepared")).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    private static DataConfig config(Format format, Path interactions, Path items) {
        DataConfig known = DataConfig.of(Format.MOVIELENS_CSV, interactions, items);
        return new DataConfig(
                format,
                interactions,
                items,
                format == Format.TABLE
                        ? new TableColumns(
                                "userId",
                                "movieId",
                                null,
                                "rating",
                                "timestamp",
                                TableColumns.TimeUnit.SECONDS,
                                "movieId",
                                List.of("title"),
                                null,
                                null)
                        : null,
                known.labelThreshold(),
                known.minimumInteractions(),
                known.split(),
                known.allowedBadShare(),
                known.maximumUsers(),
                known.memoryMiB(),
                known.threads());
    }
}
