package org.dti4j.data;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A Parquet file. Lists come out as JSON text. */
record ParquetTable(LogFile file) implements LogTable {
    private String reader() {
        return "read_parquet(%s, file_row_number = true)".formatted(Database.text(file.path()));
    }

    @Override
    public List<String> columns(Database database) {
        return database.parquetColumns(file.path());
    }

    @Override
    public String select(List<String> wanted) {
        String values = IntStream.range(0, wanted.size())
                .mapToObj(i -> {
                    String name = Database.name(wanted.get(i));
                    return "CASE WHEN typeof(%s) LIKE '%%[]' THEN CAST(to_json(%s) AS VARCHAR) ELSE CAST(%s AS VARCHAR) END AS v%d"
                            .formatted(name, name, name, i);
                })
                .collect(Collectors.joining(", "));
        return "SELECT %s, FALSE AS broken, FALSE AS swallows, 0 AS more FROM %s".formatted(values, reader());
    }

    @Override
    public @Nullable String rejects() {
        return null;
    }

    @Override
    public long lines() {
        return 0;
    }

    @Override
    public Places find(Database database, Wanted wanted) {
        if (wanted.records().isEmpty()) {
            return new Places(Map.of(), Map.of());
        }
        Map<Long, Place> places = new HashMap<>();
        String numbers = wanted.records().stream().map(String::valueOf).collect(Collectors.joining(", "));
        database.each(
                "SELECT * FROM %s WHERE file_row_number IN (%s)".formatted(reader(), numbers),
                row -> note(row, places));
        return new Places(places, Map.of());
    }

    private static void note(ResultSet row, Map<Long, Place> places) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        StringBuilder content = new StringBuilder();
        for (int i = 1; i < columns; i++) {
            content.append(i == 1 ? "" : ", ")
                    .append(row.getMetaData().getColumnName(i))
                    .append(" = ")
                    .append(row.getString(i));
        }
        long record = row.getLong(columns);
        places.put(record, new Place(record + 1, content.toString()));
    }
}
