package org.dti4j.data;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A log file as a table of texts, whatever it is written in. */
sealed interface LogTable permits DelimitedTable, JsonLinesTable, ParquetTable {
    LogFile file();

    /** Names of the columns, as far as they can be known without reading the whole file. */
    List<String> columns(Database database);

    /**
     * A query of the wanted columns as {@code v0, v1, …}, texts or NULL, and {@code broken}, true where the row as a whole cannot be
     * read. Rows come in the order of the file; empty lines do not come at all. {@code swallows} is true where a value in quotes seems to
     * hold other rows; {@code more} is how many lines a row has after its first.
     */
    String select(List<String> wanted);

    /** The table in which DuckDB notes rows that never come out of {@link #select}, once that was run; null if it notes none. */
    @Nullable
    String rejects();

    /** Counts the lines that are neither empty nor the header; 0 where each row that can be lost is a line. */
    long lines();

    /** Finds rows in the file. */
    Places find(Database database, Wanted wanted);

    /**
     * What is looked for.
     *
     * @param records numbers of rows of {@link #select}, from 0
     * @param rejected rejected rows by DuckDB's number of them
     * @param allRejected those not looked for too, since rejected rows have no number in {@link #select}
     */
    record Wanted(Set<Long> records, Set<Long> rejected, Set<Long> allRejected) {}

    /**
     * Where a row stands.
     *
     * @param line from 1; the row's number in files without lines
     * @param content the row as it is written
     */
    record Place(long line, String content) {}

    /**
     * Where rows stand.
     *
     * @param records by their number in {@link #select}
     * @param rejected by DuckDB's number of them
     */
    record Places(Map<Long, Place> records, Map<Long, Place> rejected) {}
}
