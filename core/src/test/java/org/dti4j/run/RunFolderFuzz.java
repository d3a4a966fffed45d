package org.dti4j.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import org.dti4j.problem.Refusal;
import org.dti4j.train.StepLog;

/** The texts of a run folder, and histories, as Jazzer makes them up ({@code scripts/fuzz RUN_FOLDER}); a first byte chooses which. */
public final class RunFolderFuzz {
    private RunFolderFuzz() {}

    private static final class Place {
        static final Path FOLDER = Refusal.folder();
    }

    private enum Text {
        PROVENANCE("provenance.json"),
        METRICS("metrics.json"),
        VALIDATIONS("validation.jsonl"),
        STEPS("steps.jsonl"),
        SCORING("scoring.json"),
        HISTORY("history.json");

        private final String name;

        Text(String name) {
            this.name = name;
        }

        void read(Path folder, byte[] content) throws IOException {
            RunFiles files = new RunFiles(folder);
            Files.write(folder.resolve(name), content);
            switch (this) {
                case PROVENANCE -> Provenance.read(files).differences(new TreeMap<>());
                case METRICS -> RunMetrics.read(files);
                case VALIDATIONS -> ValidationLog.from(files, Long.MAX_VALUE);
                case STEPS -> StepLog.resume(folder, 1).close();
                case SCORING -> {
                    Files.write(files.items(), new byte[0]);
                    ScoringFiles.config(files).method().context();
                }
                case HISTORY -> HistoryText.parse(new String(content, StandardCharsets.UTF_8));
            }
        }
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length > 0) {
            Text text = Text.values()[(data[0] & 0xff) % Text.values().length];
            Refusal.orSuccess(() -> text.read(Place.FOLDER, Arrays.copyOfRange(data, 1, data.length)));
        }
    }

    /** Writes what Jazzer begins with: the texts of a run of seconds. Arguments: the target, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        Path run = Place.FOLDER.resolve("run");
        TinyRun.train(run);
        Files.writeString(
                run.resolve(Text.HISTORY.name),
                "[{\"item\":\"12\",\"liked\":true,\"rating\":4.5},{\"item\":3,\"liked\":false}]");
        Text[] texts = Text.values();
        for (int i = 0; i < texts.length; i++) {
            Text text = texts[i];
            byte[] content = Files.readAllBytes(run.resolve(text.name));
            byte[] seed = new byte[Math.min(content.length, 4000) + 1];
            seed[0] = (byte) i;
            System.arraycopy(content, 0, seed, 1, seed.length - 1);
            Files.write(folder.resolve("seed-" + text.name), seed);
        }
    }
}
