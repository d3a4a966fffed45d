package org.dti4j.data;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A text file with one JSON object per line. Lists come out as JSON text.
 *
 * @param rejects the table for rejected rows: lines that are too long or not UTF-8
 */
record JsonLinesTable(LogFile file, String rejects) implements LogTable {
    private static final JsonMapper JSON = new JsonMapper();
    /** In bytes; Amazon's metadata holds whole product pages. */
    private static final int LONGEST_LINE = 8 << 20;

    /** The keys of the first lines' objects. */
    @Override
    public List<String> columns(Database database) {
        Set<String> keys = new LinkedHashSet<>();
        for (String line : file.head()) {
            try {
                JsonNode node = JSON.readTree(line);
                node.propertyNames().forEach(keys::add);
            } catch (JacksonException e) {
                // a broken line is counted when the file is read; here it only has no keys
            }
        }
        return List.copyOf(keys);
    }

    @Override
    public String select(List<String> wanted) {
        String paths = wanted.stream()
                .map(name -> Database.text("$.\"" + name + "\""))
                .collect(Collectors.joining(", ", "[", "]"));
        String values = IntStream.range(0, wanted.size())
                .mapToObj(i -> "v[%d] AS v%d".formatted(i + 1, i))
                .collect(Collectors.joining(", "));
        String lines = DelimitedTable.textReader(file, "{'line': 'VARCHAR'}", rejects)
                + ", header = false, delim = '', quote = '', escape = '', max_line_size = %d)".formatted(LONGEST_LINE);
        return """
                SELECT %s, broken, FALSE AS swallows, 0 AS more FROM (
                    SELECT CASE WHEN object THEN json_extract_string(line, %s) END AS v, NOT object AS broken
                    FROM (SELECT line, json_valid(line) AND ltrim(line)[1] = '{' AS object FROM %s WHERE line IS NOT NULL))""".formatted(values, paths, lines);
    }

    @Override
    public long lines() {
        return 0;
    }

    @Override
    public Places find(Database database, Wanted wanted) {
        return RecordFinder.find(file, StandardCharsets.UTF_8, new RecordFinder.Shape(false, null), wanted);
    }
}
