package org.dti4j.prompt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dti4j.data.Item;

/** The catalogue of the bundled MovieLens small. */
final class MovieLensSmall {
    private static final Pattern LINE = Pattern.compile("(\\d+),(\"(?:[^\"]|\"\")*\"|[^,]*),(.*)");

    private MovieLensSmall() {}

    static List<Item> items() {
        Path file = Path.of(System.getProperty("dti.root"), "data", "ml-latest-small", "movies.csv");
        try {
            return Files.readAllLines(file).stream()
                    .skip(1)
                    .map(MovieLensSmall::item)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Item item(String line) {
        MatchResult parts = LINE.matcher(line).results().findFirst().orElseThrow();
        String title = parts.group(2).replaceAll("^\"|\"$", "").replace("\"\"", "\"");
        return new Item(parts.group(1), new TreeMap<>(Map.of("title", title, "genres", parts.group(3))));
    }
}
