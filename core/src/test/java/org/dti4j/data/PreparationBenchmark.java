package org.dti4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.dti4j.progress.Progress;

/**
 * Prepares generated ratings, and prints the time and the peak memory that it took, heap and native memory together:
 * {@code PreparationBenchmark FOLDER [RATINGS [MEMORY_MIB [THREADS]]]}. The ratings are made by a process of its own, in the format
 * {@code movielens-csv}, with as many users and movies for them as MovieLens 25M has, and in no order.
 * Loading 25 million interactions afterwards needs {@code -Xmx768m}. What Spark made of the same files, in {@code FOLDER/spark}, is compared
 * by its hash (docs/scale.md).
 */
final class PreparationBenchmark {
    private static final long RATINGS = 25_000_000;
    private static final int RATINGS_PER_USER = 154;
    private static final int MOVIES = 62_000;

    private PreparationBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        long ratings = arguments.length > 1 ? Long.parseLong(arguments[1]) : RATINGS;
        if (arguments.length > 4) {
            generate(folder, ratings);
            return;
        }
        int memory = arguments.length > 2
                ? Integer.parseInt(arguments[2])
                : DataConfig.defaults().memoryMiB();
        int threads = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 2;
        if (!Files.exists(folder.resolve("ratings.csv"))) {
            generateApart(folder, ratings);
        }
        DataConfig config = DataConfig.of(
                        Format.MOVIELENS_CSV, folder.resolve("ratings.csv"), folder.resolve("movies.csv"))
                .with(data -> data.memoryMiB(memory).threads(threads));
        long start = System.nanoTime();
        Statistics statistics =
                Preparation.prepare(config, folder.resolve("prepared"), Instant.ofEpochSecond(2_000_000_000), timed());
        print(
                "prepared %d interactions of %d users in %.1f s, peak %s",
                statistics.interactions(), statistics.users(), seconds(start), peak());
        long loading = System.nanoTime();
        PreparedData data = PreparedFolder.open(folder.resolve("prepared"), Progress.SILENT);
        print("loaded in %.1f s, peak %s", seconds(loading), peak());
        long hashing = System.nanoTime();
        print("hash %s in %.1f s", data.hash(), seconds(hashing));
        if (Files.exists(folder.resolve("spark"))) {
            print(
                    "hash %s of what Spark prepared",
                    PreparedFolder.open(folder.resolve("spark"), Progress.SILENT)
                            .hash());
        }
    }

    private static void generateApart(Path folder, long ratings) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PreparationBenchmark.class.getName(),
                        folder.toString(),
                        Long.toString(ratings),
                        "0",
                        "0",
                        "generate")
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the ratings were not made");
        }
    }

    private static void generate(Path folder, long ratings) throws IOException {
        Files.createDirectories(folder);
        try (Database database = Database.inMemory(0)) {
            database.run("""
                    COPY (SELECT n AS movieId, 'Movie, the ' || n || 'th (1999)' AS title, 'Comedy|Drama' AS genres
                          FROM range(1, %d) numbers(n))
                    TO %s (FORMAT csv, HEADER)""".formatted(MOVIES + 1, Database.text(folder.resolve("movies.csv"))));
            // squares make few movies popular and most rare
            database.run("""
                    COPY (SELECT 1 + hash(n) %% %d AS userId,
                                 1 + CAST(floor(%d * pow((hash(n + 1) %% 1000000) / 1000000.0, 3)) AS BIGINT) AS movieId,
                                 (1 + hash(n + 2) %% 10) / 2.0 AS rating,
                                 800000000 + hash(n + 3) %% 800000000 AS timestamp
                          FROM range(0, %d) numbers(n))
                    TO %s (FORMAT csv, HEADER)""".formatted(
                            Math.max(1, ratings / RATINGS_PER_USER),
                            MOVIES,
                            ratings,
                            Database.text(folder.resolve("ratings.csv"))));
        }
    }

    /** Prints how long each step took. */
    private static Progress timed() {
        return (name, total) -> new Progress.Task() {
            private String step = "";
            private long since = System.nanoTime();

            @Override
            public void advance(long units) {}

            @Override
            public void note(String state) {
                finish();
                step = state;
            }

            private void finish() {
                if (!step.isEmpty()) {
                    print("  %-20s %6.1f s, peak %s", step, seconds(since), peak());
                }
                since = System.nanoTime();
            }

            @Override
            public void close() {
                finish();
            }
        };
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** The largest resident set that this process has had, as Linux tells it. */
    private static String peak() {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII);
            return status.stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .map(kib -> "%.0f MiB".formatted(Long.parseLong(kib) / 1024.0))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
