package org.dti4j.cli.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dti4j.cli.experiment.Grid;
import org.dti4j.cli.experiment.GridRow;
import org.dti4j.problem.UserException;

/**
 * Configurations, as Jazzer makes them up ({@code scripts/fuzz YAML}): a run's, an experiment's, one with every kind of value, and the same text as the
 * value of an override. What is read can be written and read again.
 */
public final class YamlFuzz {
    private static final int LONGEST = 100_000;
    private static final Path FOLDER = Path.of("/farm");
    private static final Grid GRID = new Grid(
            "grid", FOLDER, Map.of(), List.of(1L), List.of(), Map.of("base", GridRow.defaults()), null, FOLDER);

    private YamlFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        ConfigSource source = new ConfigSource("garden.yaml", text, FOLDER);
        orRefusal(() -> {
            Fixtures.Garden garden = ConfigReader.read(source, List.of(), Fixtures.Garden.class);
            String written = ConfigWriter.write(garden);
            String again = ConfigWriter.write(Fixtures.read(written));
            if (!again.equals(written)) {
                throw new AssertionError(again + " was " + written);
            }
        });
        orRefusal(() -> RunConfigs.read(source, List.of(), RunConfigs.defaults(FOLDER, FOLDER)));
        orRefusal(() -> ConfigReader.read(source, List.of(), Grid.class, GRID));
        orRefusal(() -> Fixtures.read("", "soil=" + text, "plants.beds=" + text, text));
    }

    private static void orRefusal(Runnable read) {
        try {
            read.run();
        } catch (UserException e) {
            String message = String.join("\n", e.problems());
            if (message.isBlank() || message.length() > LONGEST) {
                throw new AssertionError("no message for people: " + message, e);
            }
        }
    }

    /** Writes what Jazzer begins with: the configurations of the project. Arguments: the target, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        try (var configs = Files.walk(Path.of(System.getProperty("dti.root")).resolve("configs"))) {
            for (Path config : configs.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        config,
                        folder.resolve("seed-" + config.getFileName()),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.writeString(folder.resolve("seed-garden"), """
                soil: {kind: sandy-loam, acidity: 6.5, watered: true, map: m.png, layers: [top, sub], depth: {centimetres: 40, seed: 1}}
                plants: {name: trees, perRow: all, spacing: 1e-1, beds: &b {north: 3}}
                """);
        Files.writeString(
                folder.resolve("seed-bomb"),
                "a: &a [x, x]\nb: &b [*a, *a]\nc: !!java.net.URL [*b, *b]\n? [k]\n: |\n  v\n<<: *a\n");
    }
}
