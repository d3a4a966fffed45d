package org.dti4j.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dti4j.problem.Refusal;
import org.dti4j.progress.Progress;

/**
 * Logs and rows to score, as Jazzer makes them up ({@code scripts/fuzz}). The property {@code dti.fuzz} names the target. A first byte
 * chooses among formats that are read by the same code.
 */
public final class LogFuzz {
    private static final String MOVIES = "movieId,title,genres\n1,Heat,Drama\n2,Big,Comedy\n";
    private static final String RATINGS = "userId,movieId,rating,timestamp\n1,1,4,5\n1,2,1,6\n2,2,5,7\n";
    private static final String TABLE = "user,item,rating,time,title\n1,1,4,5,Heat\n1,2,1,6,\"Big, again\"\n";
    private static final String DOUBLE_COLON = "1::1::5::978300760\n1::2::3::978302109\n";
    private static final String AMAZON =
            "{\"reviewerID\":\"a\",\"asin\":\"1\",\"overall\":5.0,\"unixReviewTime\":5,\"title\":\"<b>Heat &amp;\",\"category\":[\"x\",\"y\"],\"brand\":\"b\"}\n";
    private static final TableColumns COLUMNS = new TableColumns(
            "user", "item", "rating", null, "time", TableColumns.TimeUnit.SECONDS, null, List.of("title"), null, null);

    private LogFuzz() {}

    private enum Target {
        CSV,
        JSON_LINES,
        PARQUET,
        GZIP,
        ROWS;

        static final Path FOLDER = Refusal.folder();

        void read(byte[] data) throws IOException {
            int choice = data.length == 0 ? 0 : data[0] & 0xff;
            byte[] rest = data.length == 0 ? data : Arrays.copyOfRange(data, 1, data.length);
            switch (this) {
                case CSV ->
                    prepare(
                            List.of(Format.MOVIELENS_CSV, Format.MOVIELENS_1M, Format.TABLE)
                                    .get(choice % 3),
                            rest);
                case JSON_LINES -> prepare(Format.AMAZON_2018, data);
                case PARQUET -> prepare(Format.TABLE, data);
                case GZIP -> prepare(Format.TABLE, choice % 2 == 0 ? rest : gzip(rest));
                case ROWS ->
                    rows(
                            List.of("rows.csv", "rows.jsonl", "rows.parquet", "rows.csv.gz")
                                    .get(choice % 4),
                            rest);
            }
        }
    }

    /** Called by Jazzer at first: what the first preparation loads counts as no input's time. */
    public static void fuzzerInitialize() throws Exception {
        fuzzerTestOneInput(new byte[] {0});
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        Target target = Target.valueOf(System.getProperty("dti.fuzz", "CSV"));
        Refusal.orSuccess(() -> target.read(data));
    }

    /** A catalogue of its own where the format demands one, and all rows may be bad, so that every step is reached. */
    static void prepare(Format format, byte[] content) throws IOException {
        Path interactions = Files.write(Target.FOLDER.resolve("log"), content);
        Path items = switch (format) {
            case MOVIELENS_CSV -> Files.writeString(Target.FOLDER.resolve("movies.csv"), MOVIES);
            case MOVIELENS_1M ->
                Files.writeString(Target.FOLDER.resolve("movies.dat"), "1::Heat::Drama\n2::Big::Comedy\n");
            case AMAZON_2018 -> interactions;
            case TABLE -> null;
        };
        TableColumns columns = format == Format.TABLE ? COLUMNS : null;
        DataConfig config =
                new DataConfig(format, interactions, items, columns, 3.0, 1, Split.defaults(), 1.0, 0, 256, 1);
        Path output = Target.FOLDER.resolve("prepared");
        Preparation.prepare(config, output, LogFixture.NOW, Progress.SILENT);
        PreparedFolder.open(output, Progress.SILENT);
    }

    private static void rows(String name, byte[] content) throws IOException {
        RowsFile file = RowsFile.existing("--input", Files.write(Target.FOLDER.resolve(name), content));
        List<String> columns = file.columns();
        file.count();
        file.each(columns, 0, values -> {});
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /** Writes what Jazzer begins with. Arguments: the target, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        List<byte[]> seeds = switch (Target.valueOf(arguments[0])) {
            case CSV -> List.of(chosen(0, bytes(RATINGS)), chosen(1, bytes(DOUBLE_COLON)), chosen(2, bytes(TABLE)));
            case JSON_LINES -> List.of(bytes(AMAZON), bytes(AMAZON + "{\n" + AMAZON));
            case PARQUET -> List.of(parquet(folder, ""), parquet(folder, ", COMPRESSION zstd"));
            case GZIP -> List.of(chosen(0, gzip(bytes(TABLE))), chosen(1, bytes(TABLE)), chosen(1, gzip(bytes(TABLE))));
            case ROWS ->
                List.of(
                        chosen(0, bytes(TABLE)),
                        chosen(1, bytes(AMAZON)),
                        chosen(2, parquet(folder, "")),
                        chosen(3, gzip(bytes(TABLE))));
        };
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] chosen(int choice, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(choice);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] parquet(Path folder, String options) throws IOException {
        Path file = folder.resolve("seed.parquet");
        try (Database database = Database.inMemory(1)) {
            database.run(
                    "COPY (SELECT 'u' || i AS \"user\", 'i' || i AS item, 4.0 AS rating, i AS time, ['a', 'b'] AS title FROM range(5) t(i)) TO %s (FORMAT parquet%s)"
                            .formatted(Database.text(file), options));
        }
        byte[] content = Files.readAllBytes(file);
        Files.delete(file);
        return content;
    }
}
