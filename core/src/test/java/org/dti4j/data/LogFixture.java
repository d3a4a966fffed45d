package org.dti4j.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.dti4j.progress.Progress;

/** Small logs written by tests, and their preparation. */
final class LogFixture {
    static final Instant NOW = Instant.ofEpochSecond(2_000_000_000);

    private final Path folder;

    LogFixture(Path folder) {
        this.folder = folder;
    }

    Path write(String name, String... lines) {
        return write(name, StandardCharsets.UTF_8, lines);
    }

    Path write(String name, Charset charset, String... lines) {
        Path file = folder.resolve(name);
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            out.write((String.join("\n", lines) + "\n").getBytes(charset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    PreparedData prepare(DataConfig config) {
        Path output = folder.resolve("prepared");
        Statistics statistics = Preparation.prepare(config, output, NOW, Progress.SILENT);
        PreparedData data = PreparedFolder.open(output, Progress.SILENT);
        if (!data.statistics().equals(statistics)) {
            throw new AssertionError("stats.json differs from what was counted: " + data.statistics());
        }
        return data;
    }

    /** All interactions as {@code user item rating label part}, in the order of the data. */
    static List<String> interactions(PreparedData data) {
        List<String> rows = new ArrayList<>();
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i = 0; i < history.size(); i++) {
                rows.add("%s %s %s %d %s"
                        .formatted(
                                history.user(),
                                data.items().get(history.item(i)).id(),
                                history.rating(i),
                                history.label(i) ? 1 : 0,
                                history.part(i)));
            }
        }
        return rows;
    }
}
