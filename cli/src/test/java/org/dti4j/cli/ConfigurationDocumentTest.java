package org.dti4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.data.TableColumns;
import org.dti4j.run.RunConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/** docs/configuration.md names every key of a configuration, no other, and the defaults that hold. */
final class ConfigurationDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("dti.root"));
    private static final Pattern WORD = Pattern.compile("`([^`]*)`");

    @Test
    void thePageIsOfTheProgram() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        Load yaml = new Load(LoadSettings.builder().build());
        flatten("", yaml.loadFromString(RunConfigs.write(RunConfig.defaults())), defaults);
        flatten("data.columns", JsonMapper.shared().convertValue(TableColumns.defaults(), Map.class), defaults);
        Map<String, String> documented = documented();
        assertThat(documented.keySet()).isEqualTo(defaults.keySet());
        documented.forEach((key, value) -> {
            if (!value.isEmpty()) {
                assertThat(value).as(key).isEqualToIgnoringCase(defaults.get(key));
            }
        });
    }

    private static void flatten(String path, @Nullable Object node, Map<String, String> into) {
        if (node instanceof Map<?, ?> section) {
            section.forEach((key, value) -> flatten(path.isEmpty() ? "" + key : path + "." + key, value, into));
        } else {
            Object value = node instanceof List<?> list ? list.subList(0, 1) : node;
            into.put(path, String.valueOf(value).replace("\n", "\\n"));
        }
    }

    /** Defaults by key; empty where the page says it in words. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        String section = "";
        for (String line : Files.readAllLines(ROOT.resolve("docs/configuration.md"))) {
            if (line.startsWith("## ")) {
                List<String> words = words(line);
                section = words.size() == 1 ? words.get(0) + "." : "";
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("\\|", 4);
                List<String> keys = words(cells[1]);
                List<String> values = words(cells[2]);
                for (int i = 0; i < keys.size(); i++) {
                    documented.put(section + keys.get(i), values.size() == keys.size() ? values.get(i) : "");
                }
            }
        }
        return documented;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        WORD.matcher(text).results().map((MatchResult found) -> found.group(1)).forEach(words::add);
        return words;
    }
}
