package org.dti4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents name classes, methods and tests as {@code Class#method}; all of them exist. */
class DocumentsTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("dti.root")));
    private static final Pattern REFERENCE = Pattern.compile("`([A-Z]\\w*)#(\\w+)`");

    @ParameterizedTest
    @ValueSource(strings = {"docs/method.md", "docs/memory.md"})
    void everyMethodThatADocumentNamesExists(String document) throws IOException {
        List<MatchResult> references = REFERENCE
                .matcher(Files.readString(ROOT.resolve(document)))
                .results()
                .toList();
        assertThat(references).isNotEmpty();
        List<String> missing = new ArrayList<>();
        for (MatchResult reference : references) {
            if (!exists(reference.group(1), reference.group(2))) {
                missing.add(reference.group());
            }
        }
        assertThat(missing).describedAs("named in %s", document).isEmpty();
    }

    private static boolean exists(String type, String method) throws IOException {
        Pattern declaration = Pattern.compile("[\\w>\\]](?<!\\breturn) " + method + "\\(");
        try (Stream<Path> files = Files.walk(ROOT.resolve("core/src"))) {
            for (Path file : (Iterable<Path>) files.filter(each -> each.endsWith(type + ".java"))::iterator) {
                if (declaration.matcher(Files.readString(file)).find()) {
                    return true;
                }
            }
        }
        return false;
    }
}
