package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dti4j.data.RowsFile;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of rows in, the same rows with probabilities out. */
final class PredictionJobTest {
    private static final double ROUNDING = 1e-5;

    @TempDir
    private static Path folder;

    private static Path run;
    private static ClickScorer scorer;

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        TinyRun.train(run);
        scorer = ClickScorer.load(run, System::nanoTime);
    }

    @AfterAll
    static void close() {
        scorer.close();
    }

    private static boolean never() {
        return false;
    }

    private static PredictionJob job(int rowsPerPart) {
        return new PredictionJob(scorer, run, TinyRun::data, rowsPerPart, Progress.SILENT);
    }

    /** Row i has a history of i mod 3 interactions and the candidate i mod 30. */
    private static List<Interaction> history(int row) {
        List<Interaction> history = new ArrayList<>();
        for (int i = 0; i < row % 3; i++) {
            history.add(new Interaction("i" + i, row % 2 == 0));
        }
        return history;
    }

    private static String json(int row) {
        return history(row).stream()
                .map(each -> "{\"item\": \"%s\", \"liked\": %s}".formatted(each.item(), each.liked()))
                .toList()
                .toString();
    }

    private static Path write(String name, int rows) throws IOException {
        StringBuilder text = new StringBuilder(name.endsWith("csv") ? "number,item,history\n" : "");
        for (int row = 0; row < rows; row++) {
            text.append(
                    name.endsWith("csv")
                            ? "00%d,i%d,\"%s\"\n"
                                    .formatted(row, row % 30, json(row).replace("\"", "\"\""))
                            : "{\"number\": \"00%d\", \"item\": \"i%d\", \"history\": %s}\n"
                                    .formatted(row, row % 30, json(row)));
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<@Nullable String[]> rows(Path file) {
        List<@Nullable String[]> rows = new ArrayList<>();
        RowsFile.existing("--input", file).each(List.of("number", "item", "probability"), 0, rows::add);
        return rows;
    }

    private static void assertScored(Path file, int count) {
        List<@Nullable String[]> rows = rows(file);
        assertThat(rows).hasSize(count);
        for (int row = 0; row < count; row++) {
            String[] found = rows.get(row);
            assertThat(found[0]).as("in the order of the input").isEqualTo("00" + row);
            if (row % 37 == 0) {
                assertThat(Double.parseDouble(String.valueOf(found[2])))
                        .isEqualTo(scorer.score(history(row), List.of(String.valueOf(found[1])))[0], within(ROUNDING));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a.csv,a.parquet", "b.jsonl,b.csv", "c.csv,c.jsonl", "d.csv,d.csv.gz"})
    void everyFormatGivesTheSameRowsInTheSameOrder(String from, String to) throws IOException {
        Path input = write("in-" + from, 200);
        Path output = folder.resolve("out-" + to);
        PredictionJob.Outcome outcome = job(64).run(input, output, PredictionJobTest::never);
        assertThat(outcome).isEqualTo(new PredictionJob.Outcome(200, 0, List.of(), true));
        assertScored(output, 200);
        assertThat(folder.resolve("out-" + to + ".parts")).doesNotExist();
    }

    @Test
    void parquetWithListsOfObjectsIsRead() throws IOException {
        Path scored = folder.resolve("nested.parquet");
        job(64).run(write("nested.jsonl", 100), scored, PredictionJobTest::never);
        Path again = folder.resolve("again.parquet");
        assertThatThrownBy(() -> job(64).run(scored, again, PredictionJobTest::never))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has a column probability, must not");
        List<@Nullable String[]> histories = new ArrayList<>();
        RowsFile.existing("--input", scored).each(List.of("history"), 0, histories::add);
        assertThat(HistoryText.parse(String.valueOf(histories.get(5)[0]))).isEqualTo(history(5));
    }

    @Test
    void aJobThatWasStoppedGoesOnAfterItsLastPart() throws IOException {
        Path input = write("stopped.csv", 500);
        Path output = folder.resolve("stopped-out.csv");
        int[] asked = {0};
        assertThat(job(50).run(input, output, () -> ++asked[0] == 3).finished()).isFalse();
        assertThat(output).doesNotExist();
        Path parts = folder.resolve("stopped-out.csv.parts");
        assertThat(parts).isDirectoryContaining("glob:**/part-000002.csv");
        assertThat(parts).isDirectoryNotContaining("glob:**/part-000003.csv");

        Files.writeString(parts.resolve("part-000000.csv"), "0,0.125,\"\"\n" + "1,0.5,\"\"\n".repeat(49));
        Files.writeString(parts.resolve("part-000003.csv.partial"), "torn");
        assertThat(job(50).run(input, output, PredictionJobTest::never).finished())
                .isTrue();
        List<@Nullable String[]> rows = rows(output);
        assertThat(rows).hasSize(500);
        assertThat(rows.get(0)[2])
                .as("a part that is there is not scored again")
                .isEqualTo("0.125");
        assertThat(rows.get(499)[0]).isEqualTo("00499");
    }

    @Test
    void partsOfOtherWorkAreNotMixedIn() throws IOException {
        Path input = write("mixed.csv", 100);
        Path output = folder.resolve("mixed-out.csv");
        job(50).run(input, output, () -> true);
        Files.writeString(input, "number,item,history\n1,i1,[]\n");
        assertThatThrownBy(() -> job(50).run(input, output, PredictionJobTest::never))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("holds parts of another run, input or state of the input");
    }

    @Test
    void badRowsAreCountedAndNamedAndTheOthersAreScored() throws IOException {
        Path input = Files.writeString(folder.resolve("bad.csv"), """
                number,item,history
                000,i1,[]
                001,none,[]
                002,,[]
                003,i1,no json
                004,i1,"[{""item"": ""i2"", ""liked"": 1}]"
                005,i1,"[{""item"": ""gone"", ""liked"": true}]"
                006,i1,
                """);
        Path output = folder.resolve("bad-out.csv");
        PredictionJob.Outcome outcome = job(3).run(input, output, PredictionJobTest::never);
        assertThat(outcome.bad()).isEqualTo(5);
        assertThat(outcome.examples())
                .hasSize(5)
                .contains("row 2: item = none is not in the run's catalogue", "row 3: item is empty")
                .anyMatch(line -> line.startsWith("row 4: history is no JSON"))
                .contains("row 5: history[0].liked must be true or false")
                .anyMatch(line -> line.startsWith("row 6: history[0] = gone, must be an item"));
        List<@Nullable String[]> rows = rows(output);
        assertThat(rows).hasSize(7);
        assertThat(rows.get(1)[2]).isNull();
        assertThat(Double.parseDouble(String.valueOf(rows.get(6)[2])))
                .isEqualTo(scorer.score(List.of(), List.of("i1"))[0], within(ROUNDING));
    }

    /** DuckDB would make a UUID, dates and JSON of them. */
    @Test
    void valuesOfJsonLinesStayAsTheyAreWritten() throws IOException {
        String first =
                "{\"id\":\"6F9619FF-8B86-D011-B42D-00C04FC964FF\",\"day\":\"2020-01-02T03:04:05Z\",\"mixed\":\"x\",\"number\":12";
        String second =
                "{\"id\":\"7F9619FF-8B86-D011-B42D-00C04FC964FF\",\"day\":\"2020-01-03\",\"mixed\":[1,2],\"number\":3";
        Path input = Files.writeString(
                folder.resolve("written.jsonl"),
                first + ",\"item\":\"i1\",\"history\":[]}\n" + second + ",\"item\":\"i2\",\"history\":[]}\n");
        Path lines = folder.resolve("written-out.jsonl");
        Path parquet = folder.resolve("written-out.parquet");
        job(10).run(input, lines, PredictionJobTest::never);
        job(10).run(input, parquet, PredictionJobTest::never);
        assertThat(Files.readAllLines(lines)).hasSize(2).satisfies(rows -> {
            assertThat(rows.get(0)).startsWith(first);
            assertThat(rows.get(1)).startsWith(second);
        });
        List<@Nullable String[]> rows = new ArrayList<>();
        RowsFile.existing("--input", parquet).each(List.of("id", "day", "mixed", "number", "item"), 0, rows::add);
        assertThat(rows.get(0))
                .containsExactly("6F9619FF-8B86-D011-B42D-00C04FC964FF", "2020-01-02T03:04:05Z", "x", "12", "i1");
        assertThat(rows.get(1))
                .containsExactly("7F9619FF-8B86-D011-B42D-00C04FC964FF", "2020-01-03", "[1,2]", "3", "i2");
    }

    @Test
    void aBlankHistoryIsAnEmptyOne() throws IOException {
        Path input = Files.writeString(folder.resolve("blank.jsonl"), """
                {"number": "000", "item": "i1", "history": ""}
                {"number": "001", "item": "i1", "history": " "}
                {"number": "002", "item": "i1", "history": null}
                {"number": "003", "item": "i1"}
                """);
        Path output = folder.resolve("blank-out.jsonl");
        assertThat(job(10).run(input, output, PredictionJobTest::never).examples())
                .isEmpty();
        assertThat(rows(output))
                .hasSize(4)
                .allSatisfy(row -> assertThat(Double.parseDouble(String.valueOf(row[2])))
                        .isEqualTo(scorer.score(List.of(), List.of("i1"))[0], within(ROUNDING)));
    }

    @Test
    void usersOfThePreparedDataAreKnownByTheirIds() throws IOException {
        Path input = Files.writeString(folder.resolve("users.csv"), "number,user,item\n000,u3,i1\n001,nobody,i1\n");
        Path output = folder.resolve("users-out.jsonl");
        PredictionJob.Outcome outcome = job(100).run(input, output, PredictionJobTest::never);
        assertThat(outcome.examples()).containsExactly("row 2: user = nobody is not in the run's prepared data");
        var data = TinyRun.data();
        var history = data.history(3);
        List<Interaction> all = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            all.add(new Interaction(data.items().get(history.item(i)).id(), history.label(i)));
        }
        assertThat(Double.parseDouble(String.valueOf(rows(output).get(0)[2])))
                .isEqualTo(scorer.score(all, List.of("i1"))[0], within(ROUNDING));
    }

    @Test
    void whatCannotBeReadIsTheUsersMistake() throws IOException {
        Path output = folder.resolve("none.csv");
        Path input = Files.writeString(folder.resolve("columns.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> job(10).run(input, output, PredictionJobTest::never))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no column item")
                .hasMessageContaining("neither a column history nor a column user");
        Path broken = Files.writeString(folder.resolve("broken.parquet"), "PAR1 no");
        assertThatThrownBy(() -> job(10).run(broken, output, PredictionJobTest::never))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> job(10).run(folder.resolve("absent.csv"), output, PredictionJobTest::never))
                .hasMessageContaining("must be a file that exists");
        assertThatThrownBy(() -> job(10).run(input, folder.resolve("out.xlsx"), PredictionJobTest::never))
                .hasMessageContaining("must end in .csv");
    }
}
