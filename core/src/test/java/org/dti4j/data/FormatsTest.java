package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dti4j.data.BadRow.Reason.FUTURE_TIME;
import static org.dti4j.data.BadRow.Reason.MISSING_ID;
import static org.dti4j.data.BadRow.Reason.NEGATIVE;
import static org.dti4j.data.BadRow.Reason.OUT_OF_RANGE;
import static org.dti4j.data.BadRow.Reason.UNKNOWN_ITEM;
import static org.dti4j.data.BadRow.Reason.UNPARSABLE;
import static org.dti4j.data.BadRow.Reason.WRONG_COLUMN_COUNT;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {
    @TempDir
    Path folder = Path.of("set by JUnit");

    private LogFixture log = new LogFixture(folder);

    @BeforeEach
    void inFolder() {
        log = new LogFixture(folder);
    }

    private static DataConfig lenient(DataConfig config) {
        return config.withMinimumInteractions(1).withAllowedBadShare(1.0);
    }

    private static Map<Long, BadRow.Reason> reasonsByLine(Statistics.Rows rows) {
        return rows.examples().stream().collect(Collectors.toMap(BadRow::line, BadRow::reason));
    }

    @Test
    void movieLens1mIsReadWithItsDirt() {
        Path ratings = log.write(
                "ratings.dat.gz",
                "1::10::5::100",
                "1::20::3::200",
                "2::10::4",
                "2::10::4::300::9",
                "x::10::4::300",
                "2::-10::4::300",
                "2::10::-4::300",
                "2::10::6::300",
                "2::10::4::soon",
                "2::10::4::2000000001",
                "2::99::4::300",
                "::10::4::300",
                "10::10::4::300");
        Path movies = log.write(
                "movies.dat",
                StandardCharsets.ISO_8859_1,
                "10::Les Misérables (1998)::Drama|Musical",
                "20::\"Quoted\", and a comma (1999)::Comedy",
                "30");
        PreparedData data = log.prepare(lenient(DataConfig.of(Format.MOVIELENS_1M, ratings, movies)));

        assertThat(data.items().stream().map(Item::columns))
                .containsExactly(
                        new TreeMap<>(Map.of("title", "Les Misérables (1998)", "genres", "Drama, Musical")),
                        new TreeMap<>(Map.of("title", "\"Quoted\", and a comma (1999)", "genres", "Comedy")));
        assertThat(LogFixture.interactions(data))
                .extracting(row -> row.substring(0, row.lastIndexOf(' ')))
                .containsExactly("1 10 5.0 1", "1 20 3.0 0", "10 10 4.0 1");
        Statistics.Rows rows = data.statistics().interactionRows();
        assertThat(rows.rows()).isEqualTo(13);
        assertThat(reasonsByLine(rows))
                .isEqualTo(Map.of(
                        3L, WRONG_COLUMN_COUNT,
                        4L, WRONG_COLUMN_COUNT,
                        5L, UNPARSABLE,
                        6L, NEGATIVE,
                        7L, NEGATIVE,
                        8L, OUT_OF_RANGE,
                        9L, UNPARSABLE,
                        10L, FUTURE_TIME,
                        11L, UNKNOWN_ITEM,
                        12L, MISSING_ID));
        assertThat(data.statistics().itemRows().examples())
                .containsExactly(new BadRow("movies.dat", 3, WRONG_COLUMN_COUNT, "30"));
    }

    @Test
    void csvWithQuotesEmptyLinesAndLineEndsInsideQuotesKeepsItsLineNumbers() {
        Path ratings = log.write(
                "ratings.csv",
                "userId,movieId,rating,timestamp",
                "",
                "1,10,4.5,100",
                "1,10",
                "",
                "1,\"20\",0.5,200",
                "1,20,nan,200",
                "1,20,4,-1");
        Path movies = log.write(
                "movies.csv",
                "movieId,title,genres",
                "10,\"American President, The (1995)\",Comedy|Drama",
                "20,\"He said \"\"no\"\"",
                "twice\",(no genres listed)",
                "thirty,Title,Drama",
                "40,Title,Drama,Drama");
        PreparedData data = log.prepare(lenient(DataConfig.of(Format.MOVIELENS_CSV, ratings, movies)));

        assertThat(data.items().stream().map(item -> item.columns().get("title")))
                .containsExactly("American President, The (1995)", "He said \"no\" twice");
        assertThat(data.items().get(1).columns()).containsEntry("genres", "");
        assertThat(data.statistics().withoutText()).isEqualTo(Map.of("genres", 1L, "title", 0L));
        assertThat(reasonsByLine(data.statistics().interactionRows()))
                .isEqualTo(Map.of(4L, WRONG_COLUMN_COUNT, 7L, UNPARSABLE, 8L, NEGATIVE));
        assertThat(data.statistics().itemRows().examples())
                .containsExactly(
                        new BadRow("movies.csv", 5, UNPARSABLE, "thirty,Title,Drama"),
                        new BadRow("movies.csv", 6, WRONG_COLUMN_COUNT, "40,Title,Drama,Drama"));
        assertThat(data.history(0).rating(0)).isEqualTo(4.5);
    }

    @Test
    void amazonIsReadWithItsDirt() {
        Path reviews = log.write(
                "Reviews_5.json.gz",
                review("A1", "B1", "5.0", 100),
                review("A1", "B1", "5.0", 100),
                review("A1", "B2", "4.0", 200),
                "",
                "{\"overall\": 5.0, \"reviewerID\": \"A1\"",
                review("A1", "B9", "5.0", 100),
                "{\"overall\": 5.0, \"asin\": \"B1\", \"unixReviewTime\": 5}",
                "{\"overall\": \"good\", \"reviewerID\": \"A1\", \"asin\": \"B1\", \"unixReviewTime\": 5}");
        Path metadata = log.write(
                "meta_Reviews.json.gz",
                "{\"asin\": \"B1\", \"title\": \" Father&#39;s Day &amp;amp; <i>more</i>\", \"brand\": \"by\\n    \\n    Acme\","
                        + " \"category\": [\"Gift Cards\", \"Gift Cards\", \"Arts &amp; Music\", \"</span></span>\", \"Made of paper\"]}",
                "{\"asin\": \"B2\", \"title\": \"<span class=\\\"a-size-medium\\\"\", \"category\": []}",
                "{\"asin\": \"B2\", \"title\": \"The title\", \"brand\": null, \"category\": []}",
                "{\"asin\": \"B2\", \"title\": \"The title\", \"brand\": null, \"category\": []}");
        PreparedData data = log.prepare(lenient(DataConfig.of(Format.AMAZON_2018, reviews, metadata)));

        assertThat(data.items())
                .containsExactly(
                        item("B1", "Father's Day & more", "Gift Cards, Arts & Music", "Acme"),
                        item("B2", "The title", "", ""));
        assertThat(LogFixture.interactions(data))
                .extracting(row -> row.substring(0, row.lastIndexOf(' ')))
                .containsExactly("A1 B1 5.0 1", "A1 B2 4.0 0");
        Statistics.Rows rows = data.statistics().interactionRows();
        assertThat(rows.rows()).isEqualTo(7);
        assertThat(rows.duplicates()).isEqualTo(1);
        assertThat(reasonsByLine(rows))
                .isEqualTo(Map.of(5L, UNPARSABLE, 6L, UNKNOWN_ITEM, 7L, MISSING_ID, 8L, UNPARSABLE));
        assertThat(data.statistics().itemRows().duplicates()).isEqualTo(2);
        assertThat(data.statistics().itemRows().conflicting()).isEqualTo(1);
    }

    private static String review(String user, String item, String stars, int time) {
        return "{\"overall\": %s, \"reviewerID\": \"%s\", \"asin\": \"%s\", \"reviewText\": \"a, \\\"b\\\"\", \"unixReviewTime\": %d}"
                .formatted(stars, user, item, time);
    }

    private static Item item(String id, String title, String category, String brand) {
        return new Item(id, new TreeMap<>(Map.of("title", title, "category", category, "brand", brand)));
    }

    /** 4.7 is no float. */
    @Test
    void ratingsAreTheDecimalsThatWereWritten() {
        List<String> lines = new ArrayList<>(List.of("user,item,rating,time"));
        for (int tenths = 0; tenths <= 10_000; tenths++) {
            lines.add("u,x,%d.%d,%d".formatted(tenths / 10, tenths % 10, tenths));
        }
        lines.add("u,x,3.14159,20000");
        Path ratings = log.write("ratings.csv", lines.toArray(String[]::new));
        Path items = log.write("items.csv", "item,title", "x,Title");
        PreparedData data = log.prepare(DataConfig.table(ratings, items, TableColumns.defaults(), 3.0));
        History history = data.history(0);
        for (int tenths = 0; tenths <= 10_000; tenths++) {
            assertThat(history.rating(tenths)).isEqualTo(tenths / 10.0);
        }
        assertThat(history.rating(10_001)).isEqualTo(3.14159);
    }

    @Test
    void aRatingBeyondFloatsIsABadRow() {
        Path ratings = log.write("ratings.csv", "user,item,rating,time", "u,x,4,1", "u,x,1e39,2", "u,x,-1e39,3");
        Path items = log.write("items.csv", "item,title", "x,Title");
        PreparedData data = log.prepare(lenient(DataConfig.table(ratings, items, TableColumns.defaults(), 3.0)));
        assertThat(reasonsByLine(data.statistics().interactionRows()))
                .isEqualTo(Map.of(3L, UNPARSABLE, 4L, UNPARSABLE));
        assertThat(LogFixture.interactions(data)).hasSize(1);
    }

    private static final List<String> EXPECTED = List.of("ann x 1.0 1", "ann y 0.0 0", "bob x 0.0 0");

    private static TableColumns clicks(TableColumns.TimeUnit unit) {
        return new TableColumns(
                "who", "what", null, "clicked", "when", unit, "id", List.of("name", "tags"), null, null);
    }

    private void assertClicks(PreparedData data) {
        assertThat(LogFixture.interactions(data))
                .extracting(row -> row.substring(0, row.lastIndexOf(' ')))
                .containsExactlyElementsOf(EXPECTED);
        assertThat(data.items().get(0).columns()).isEqualTo(Map.of("name", "Item X", "tags", "red, blue"));
        assertThat(data.history(0).time(0)).isEqualTo(1_577_836_800);
    }

    @Test
    void tsvAndJsonLinesTablesAreReadByTheirColumns() {
        Path clicks = log.write(
                "clicks.tsv",
                "when\twho\twhat\tclicked\textra",
                "2020-01-01T02:00:00+02:00\tann\tx\ttrue\t",
                "2020-01-02 00:00:00\tann\ty\t0\t",
                "2020-01-03\tbob\tx\tfalse\t",
                "yesterday\tbob\tx\tfalse\t",
                "2020-01-03\tbob\tx\tperhaps\t");
        Path items = log.write(
                "items.jsonl",
                "{\"id\": \"x\", \"name\": \"Item\\nX\", \"tags\": [\"red\", \"blue\"]}",
                "{\"id\": \"y\", \"name\": \"[not a list]\", \"tags\": null}");
        PreparedData data =
                log.prepare(lenient(DataConfig.table(clicks, items, clicks(TableColumns.TimeUnit.ISO), null)));

        assertClicks(data);
        assertThat(data.items().get(1).columns()).isEqualTo(Map.of("name", "[not a list]", "tags", ""));
        assertThat(reasonsByLine(data.statistics().interactionRows()))
                .isEqualTo(Map.of(5L, UNPARSABLE, 6L, UNPARSABLE));
    }

    @Test
    void parquetTablesAreReadByTheirColumns() {
        Path clicks = log.path("clicks.parquet");
        Path items = log.path("items.parquet");
        try (Database database = Database.inMemory(1)) {
            database.run("""
                    COPY (SELECT * FROM (VALUES
                        ('ann', 'x', true, 1577836800000), ('ann', 'y', false, 1577923200000),
                        ('bob', 'x', false, 1577923200000), (NULL, 'x', false, 1577923200000))
                        AS rows(who, what, clicked, "when"))
                    TO %s (FORMAT parquet)""".formatted(Database.text(clicks)));
            database.run("""
                    COPY (SELECT * FROM (VALUES ('x', 'Item X', ['red', 'blue']), ('y', 'Item Y', NULL)) AS rows(id, name, tags))
                    TO %s (FORMAT parquet)""".formatted(Database.text(items)));
        }
        PreparedData data =
                log.prepare(lenient(DataConfig.table(clicks, items, clicks(TableColumns.TimeUnit.MILLISECONDS), null)));

        assertClicks(data);
        assertThat(data.statistics().interactionRows().examples())
                .containsExactly(new BadRow(
                        "clicks.parquet",
                        4,
                        MISSING_ID,
                        "who = null, what = x, clicked = false, when = 1577923200000"));
    }

    @Test
    void aTableMayHoldItsItemsTextsBesideTheInteractions() {
        Path rows = log.write(
                "all.csv",
                "user,item,title,rating,time",
                "u1,a,Title A,5,1",
                "u1,b,Title B,2,2",
                "u2,a,Title A,3,3",
                "u2,,Title A,3,3");
        PreparedData data = log.prepare(lenient(DataConfig.table(rows, null, TableColumns.defaults(), 2.5)));

        assertThat(LogFixture.interactions(data))
                .extracting(row -> row.substring(0, row.lastIndexOf(' ')))
                .containsExactly("u1 a 5.0 1", "u1 b 2.0 0", "u2 a 3.0 1");
        assertThat(data.items().get(1).columns()).isEqualTo(Map.of("title", "Title B"));
        assertThat(data.statistics().interactionRows().allBad()).isEqualTo(1);
        assertThat(data.statistics().itemRows().allBad()).isZero();
    }
}
