package org.dti4j.data;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A log file as a table of texts, whatever it is written in. */
sealed interface LogTable permits DelimitedTable, JsonLinesTable, ParquetTable {
    LogFile file();

    /** Names of the columns, as far as they can be known without reading the whole file. */
    List<String> columns(Database database);

    /**
     * A query of the wanted columns as {@code v0, v1, …}, texts or NULL, and {@code broken}, true where the row as a whole cannot be
     * read. Rows come in the order of the file; empty lines do not come at all.
     */
    String select(List<String> wanted);

    /** The table in which DuckDB notes rows that never come out of {@link #select}, once that was run; null if it notes none. */
    @Nullable
    String rejects();

    /**
     * Finds rows in the file.
     *
     * @param records numbers of rows of {@link #select}, from 0
     * @param rejected lines that hold rejected rows, which have no such number
     * @return where each of them stands
     */
    Map<Long, Place> find(Database database, SortedSet<Long> records, SortedSet<Long> rejected);

    /**
     * Where a row stands.
     *
     * @param line from 1; the row's number in files without lines
     * @param content the row as it is written
     */
    record Place(long line, String content) {}
}
