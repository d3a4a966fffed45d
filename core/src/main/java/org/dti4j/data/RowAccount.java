package org.dti4j.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private static final String UNQUOTED =
            "  if the file was written without quoting, data.columns.quote = none reads its quotes as letters (format table)";

    /** Takes stock of the rows that were read into {@code rowTable}, and of those that never came into it. */
    static RowAccount of(Database database, LogTable table, String rowTable) {
        SortedMap<BadRow.Reason, Long> bad = new TreeMap<>();
        // what a row swallowed was rows, too
        String rowsOf = "CASE reason WHEN '%s' THEN 1 + more ELSE 1 END".formatted(BadRow.Reason.STRAY_QUOTE);
        database.each(
                "SELECT reason, sum(%s) FROM %s WHERE reason IS NOT NULL GROUP BY reason".formatted(rowsOf, rowTable),
                row -> bad.put(BadRow.Reason.valueOf(row.getString(1)), row.getLong(2)));
        List<Rejected> rejected = rejected(database, table);
        rejected.forEach(row -> bad.merge(row.reason, 1L, Long::sum));
        long lost = rejected.isEmpty() ? 0 : lost(database, table, rowTable, rejected.size());
        if (lost > 0) {
            bad.merge(BadRow.Reason.STRAY_QUOTE, lost, Long::sum);
        }
        long rows = database.number("SELECT sum(%s) FROM %s".formatted(rowsOf, rowTable)) + rejected.size() + lost;
        return new RowAccount(
                table, rows, bad, bad.isEmpty() ? List.of() : examples(database, table, rowTable, rejected));
    }

    /** DuckDB rejects what stands between two quotes as one row, however many lines it has: those that no row accounts for were rows. */
    private static long lost(Database database, LogTable table, String rowTable, int rejected) {
        long accounted = database.number("SELECT sum(1 + more) FROM " + rowTable) + rejected;
        return Math.max(0, table.lines() - accounted);
    }

    /** Nothing to account for. */
    static RowAccount none(LogTable table) {
        return new RowAccount(table, 0, new TreeMap<>(), List.of());
    }

    /** A row that DuckDB could not split into columns, by DuckDB's number of it. */
    private record Rejected(long row, BadRow.Reason reason) {}

    private static List<Rejected> rejected(Database database, LogTable table) {
        if (table.rejects() == null) {
            return List.of();
        }
        // one row may be rejected for several errors
        String sql = """
                SELECT line, CASE WHEN bool_or(error_type = 'UNQUOTED VALUE') THEN '%s'
                                  WHEN bool_or(error_type IN ('MISSING COLUMNS', 'TOO MANY COLUMNS')) THEN '%s' ELSE '%s' END
                FROM %s GROUP BY line ORDER BY line""".formatted(
                BadRow.Reason.STRAY_QUOTE, BadRow.Reason.WRONG_COLUMN_COUNT, BadRow.Reason.UNPARSABLE, table.rejects());
        return database.rows(sql, row -> new Rejected(row.getLong(1), BadRow.Reason.valueOf(row.getString(2))));
    }

    private static List<BadRow> examples(
            Database database, LogTable table, String rowTable, List<Rejected> allRejected) {
        Map<Long, BadRow.Reason> records = new TreeMap<>();
        String sql = """
                SELECT number, reason FROM (
                    SELECT rowid AS number, reason, row_number() OVER (PARTITION BY reason ORDER BY rowid) AS place
                    FROM %s WHERE reason IS NOT NULL)
                WHERE place <= %d""".formatted(rowTable, EXAMPLES);
        database.each(sql, row -> records.put(row.getLong(1), BadRow.Reason.valueOf(row.getString(2))));
        Map<Long, BadRow.Reason> rejected = new TreeMap<>();
        Map<BadRow.Reason, Integer> kept = new EnumMap<>(BadRow.Reason.class);
        allRejected.stream()
                .filter(row -> kept.merge(row.reason, 1, Integer::sum) <= EXAMPLES)
                .forEach(row -> rejected.put(row.row, row.reason));
        LogTable.Places places = table.find(
                database,
                new LogTable.Wanted(
                        records.keySet(),
                        rejected.keySet(),
                        allRejected.stream().map(Rejected::row).collect(Collectors.toSet())));
        List<BadRow> examples = new ArrayList<>();
        places.records().forEach((row, place) -> examples.add(example(table, place, reason(records, row))));
        places.rejected().forEach((row, place) -> examples.add(example(table, place, reason(rejected, row))));
        examples.sort(Comparator.comparingLong(BadRow::line));
        return examples;
    }

    private static BadRow.Reason reason(Map<Long, BadRow.Reason> reasons, long row) {
        return Objects.requireNonNull(reasons.get(row), "only what was looked for is found");
    }

    private static BadRow example(LogTable table, LogTable.Place place, BadRow.Reason reason) {
        String shown = place.content().strip().replace("\n", "\\n");
        return new BadRow(
                table.file().fileName(),
                place.line(),
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
            lines.add("%s = %s: %d of %d rows are bad (%s), data.allowedBadShare = %s; for instance"
                    .formatted(table.file().key(), table.file().path(), all, rows, reasons, share));
            examples.forEach(example -> lines.add("  " + example));
            if (bad.containsKey(BadRow.Reason.STRAY_QUOTE)) {
                lines.add(UNQUOTED);
            }
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
