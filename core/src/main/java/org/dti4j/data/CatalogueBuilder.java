package org.dti4j.data;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Makes the table {@code catalogue} from {@code item_rows}: cleaned texts, one row per id, numbered. Ids are ordered by length,
 * then by their bytes, so that numbers stand in the order of numbers.
 */
final class CatalogueBuilder {
    /** Orders ids, users' and items' alike. */
    static final String ID_ORDER = "strlen(id), id";

    private final Database database;
    private final Format format;
    private final List<String> columns;

    CatalogueBuilder(Database database, Format format, List<String> columns) {
        this.database = database;
        this.format = format;
        this.columns = columns;
    }

    /** What became of several rows with one id. */
    record Duplicates(long duplicates, long conflicting) {}

    Duplicates build() {
        String texts = IntStream.range(0, columns.size()).mapToObj(i -> "t" + i).collect(Collectors.joining(", "));
        database.run(
                "CREATE TABLE item_texts (id VARCHAR, %s)".formatted(texts.replace(",", " VARCHAR,") + " VARCHAR"));
        clean(texts);
        String filled = IntStream.range(0, columns.size())
                .mapToObj(i -> "(t%d <> '')::INTEGER".formatted(i))
                .collect(Collectors.joining(" + "));
        // of several rows with one id that with the most columns and the longest texts, whatever their order in the
        // file
        database.run("""
                CREATE TABLE catalogue AS
                SELECT CAST(row_number() OVER (ORDER BY %s) - 1 AS INTEGER) AS number, * EXCLUDE choice
                FROM (SELECT *, row_number() OVER (
                          PARTITION BY id ORDER BY %s DESC, strlen(concat(%s)) DESC, %s) AS choice
                      FROM item_texts)
                WHERE choice = 1""".formatted(ID_ORDER, filled, texts, texts));
        long items = database.number("SELECT count(*) FROM catalogue");
        return new Duplicates(
                database.number("SELECT count(*) FROM item_rows WHERE reason IS NULL") - items,
                database.number(
                        "SELECT count(*) FROM (SELECT id FROM (SELECT DISTINCT * FROM item_texts) GROUP BY id HAVING count(*) > 1)"));
    }

    private void clean(String texts) {
        // the connection is busy with the query while its rows come, hence a second one
        try (DuckDBConnection second =
                        database.connection().unwrap(DuckDBConnection.class).duplicate();
                DuckDBAppender appender = second.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "item_texts")) {
            database.each("SELECT DISTINCT id, %s FROM item_rows WHERE reason IS NULL".formatted(texts), row -> {
                appender.beginRow();
                appender.append(row.getString(1));
                for (int i = 0; i < columns.size(); i++) {
                    appender.append(ItemText.clean(format, columns.get(i), row.getString(i + 2)));
                }
                appender.endRow();
            });
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not take the items' texts", e);
        }
    }
}
