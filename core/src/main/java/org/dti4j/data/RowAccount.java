package org.dti4j.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dti4j.problem.UserException;

/**
 * The bad rows of one file: how many of each reason, and the first few with their lines.
 *
 * @param table the log's file
 * @param rows that the file has, bad ones included
 * @param bad rows per reason
 * @param examples the first few of each reason
 */
record RowAccount(LogTable table, long rows, SortedMap<BadRow.Reason, Long> bad, List<BadRow> examples) {
    /** Examples kept of each reason. */
    private static final int EXAMPLES = 5;

    private static final int LONGEST_EXAMPLE = 200;

    /** Takes stock of the rows that were read into {@code rowTable}, and of those that never came into it. */
    static RowAccount of(Database database, LogTable table, String rowTable) {
        SortedMap<BadRow.Reason, Long> bad = new TreeMap<>();
        database.each(
                "SELECT reason, count(*) FROM %s WHERE reason IS NOT NULL GROUP BY reason".formatted(rowTable),
                row -> bad.put(BadRow.Reason.valueOf(row.getString(1)), row.getLong(2)));
        List<Rejected> rejected = rejected(database, table);
        rejected.forEach(row -> bad.merge(row.reason, 1L, Long::sum));
        long rows = database.number("SELECT count(*) FROM " + rowTable) + rejected.size();
        return new RowAccount(
                table, rows, bad, bad.isEmpty() ? List.of() : examples(database, table, rowTable, rejected));
    }

    /** Nothing to account for. */
    static RowAccount none(LogTable table) {
        return new RowAccount(table, 0, new TreeMap<>(), List.of());
    }

    private record Rejected(long line, BadRow.Reason reason, String content) {}

    private static List<Rejected> rejected(Database database, LogTable table) {
        if (table.rejects() == null) {
            return List.of();
        }
        // one row may be rejected for several errors
        String sql =
                "SELECT line, bool_or(error_type IN ('MISSING COLUMNS', 'TOO MANY COLUMNS')), any_value(csv_line) FROM "
                        + table.rejects() + " GROUP BY line ORDER BY line";
        return database.rows(
                sql,
                row -> new Rejected(
                        row.getLong(1),
                        row.getBoolean(2) ? BadRow.Reason.WRONG_COLUMN_COUNT : BadRow.Reason.UNPARSABLE,
                        String.valueOf(row.getString(3))));
    }

    private static List<BadRow> examples(Database database, LogTable table, String rowTable, List<Rejected> rejected) {
        Map<Long, BadRow.Reason> records = new HashMap<>();
        String sql = """
                SELECT number, reason FROM (
                    SELECT rowid AS number, reason, row_number() OVER (PARTITION BY reason ORDER BY rowid) AS place
                    FROM %s WHERE reason IS NOT NULL)
                WHERE place <= %d""".formatted(rowTable, EXAMPLES);
        database.each(sql, row -> records.put(row.getLong(1), BadRow.Reason.valueOf(row.getString(2))));
        SortedSet<Long> lines = rejected.stream().map(Rejected::line).collect(Collectors.toCollection(TreeSet::new));
        Map<Long, LogTable.Place> places =
                records.isEmpty() ? Map.of() : table.find(database, new TreeSet<>(records.keySet()), lines);
        List<BadRow> examples = new ArrayList<>();
        records.forEach((number, reason) -> {
            LogTable.Place place = places.getOrDefault(number, new LogTable.Place(number + 1, ""));
            examples.add(example(table, place.line(), reason, place.content()));
        });
        Map<BadRow.Reason, Integer> kept = new EnumMap<>(BadRow.Reason.class);
        rejected.stream()
                .filter(row -> kept.merge(row.reason, 1, Integer::sum) <= EXAMPLES)
                .forEach(row -> examples.add(example(table, row.line, row.reason, row.content)));
        examples.sort(java.util.Comparator.comparingLong(BadRow::line));
        return examples;
    }

    private static BadRow example(LogTable table, long line, BadRow.Reason reason, String content) {
        String shown = content.strip();
        return new BadRow(
                table.file().fileName(),
                line,
                reason,
                shown.length() <= LONGEST_EXAMPLE ? shown : shown.substring(0, LONGEST_EXAMPLE) + "…");
    }

    long allBad() {
        return bad.values().stream().mapToLong(Long::longValue).sum();
    }

    /** @throws UserException with the examples, if more than {@code share} of the rows is bad, or nothing is left */
    void check(double share) {
        long all = allBad();
        if (all > share * rows || (all == rows && rows > 0)) {
            String reasons = bad.entrySet().stream()
                    .map(entry ->
                            "%d %s".formatted(entry.getValue(), entry.getKey().words()))
                    .collect(Collectors.joining(", "));
            List<String> lines = new ArrayList<>();
            lines.add("%s = %s: %d of %d rows are bad (%s), more than data.allowedBadShare = %s; for instance"
                    .formatted(table.file().key(), table.file().path(), all, rows, reasons, share));
            examples.forEach(example -> lines.add("  " + example));
            throw new UserException(String.join(System.lineSeparator(), lines));
        }
        if (rows == 0) {
            throw table.file().wrong("has no rows");
        }
    }

    Statistics.Rows statistics(long duplicates, long conflicting, long leftOut) {
        return new Statistics.Rows(table.file().fileName(), rows, bad, duplicates, conflicting, leftOut, examples);
    }
}
