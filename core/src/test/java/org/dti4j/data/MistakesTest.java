package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer gets wrong, and what is said then. */
class MistakesTest {
    @TempDir
    Path folder = Path.of("set by JUnit");

    private LogFixture log = new LogFixture(folder);
    private Path ratings = folder;
    private Path movies = folder;

    @BeforeEach
    void inFolder() {
        log = new LogFixture(folder);
        ratings = log.write("ratings.csv", "userId,movieId,rating,timestamp", "1,1,4,5");
        movies = log.write("movies.csv", "movieId,title,genres", "1,Title,Drama");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertMistake(
            Format format, Path interactions, Path items) {
        return assertThatThrownBy(() -> log.prepare(DataConfig.of(format, interactions, items)))
                .isInstanceOf(UserException.class);
    }

    @Test
    void bothMissingFilesAreNamedAtOnce() {
        assertMistake(Format.MOVIELENS_CSV, log.path("no.csv"), log.path("none.csv"))
                .hasMessageContaining("data.interactions = ")
                .hasMessageContaining("no.csv, must be a file that exists")
                .hasMessageContaining("data.items = ")
                .hasMessageContaining("none.csv, must be a file that exists");
    }

    @Test
    void aFolderInPlaceOfAFileIsToldWithWhatItHolds() {
        assertMistake(Format.MOVIELENS_CSV, folder, movies)
                .hasMessageContaining("must be a file, not a folder (it holds movies.csv, ratings.csv)");
    }

    @Test
    void emptyFilesAreTold() {
        Path empty = log.write("empty.csv");
        Path header = log.write("header.csv", "userId,movieId,rating,timestamp");
        assertMistake(Format.MOVIELENS_CSV, empty, movies).hasMessageContaining("the file is empty");
        assertMistake(Format.MOVIELENS_CSV, header, movies).hasMessageContaining("header.csv: has no rows");
    }

    @Test
    void theWrongFormatIsToldAndTheRightOneProposed() {
        Path dat = log.write("ratings.dat", "1::1::4::5");
        Path json = log.write("reviews.json", "{\"asin\": \"B1\", \"reviewerID\": \"A\"}");
        assertMistake(Format.MOVIELENS_1M, ratings, movies).hasMessageContaining("looks like format movielens-csv");
        assertMistake(Format.MOVIELENS_CSV, dat, movies).hasMessageContaining("looks like format movielens-1m");
        assertMistake(Format.MOVIELENS_CSV, json, movies).hasMessageContaining("looks like format amazon-2018");
        assertMistake(Format.AMAZON_2018, ratings, movies)
                .hasMessageContaining("must have a JSON object on each line")
                .hasMessageContaining("looks like format movielens-csv");
        Path users = log.write("users.dat", "1::F::1::10::48067");
        assertMistake(Format.MOVIELENS_1M, users, dat)
                .hasMessageContaining("must have the columns user::item::rating::time");
    }

    @Test
    void aMissingColumnIsToldWithThoseThatExist() {
        Path table = log.write("table.csv", "who,item,stars,time", "a,1,4,5");
        DataConfig config = DataConfig.table(table, movies, TableColumns.defaults(), 3.0);
        assertThatThrownBy(() -> log.prepare(config))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("table.csv: has no column user, rating; its columns are who, item, stars, time")
                .hasMessageContaining("movies.csv: has no column item; its columns are movieId, title, genres");
        assertMistake(Format.MOVIELENS_CSV, movies, ratings)
                .hasMessageContaining(
                        "has no column userId, rating, timestamp; its columns are movieId, title, genres");
    }

    @Test
    void pruningEverythingIsTold() {
        assertMistake(Format.MOVIELENS_CSV, ratings, movies)
                .hasMessageContaining("data.minimumInteractions = 5, must be lower");
    }

    @Test
    void anOutputThatHoldsSomethingElseIsLeftAlone() {
        DataConfig config = DataConfig.of(Format.MOVIELENS_CSV, ratings, movies).withMinimumInteractions(1);
        assertThatThrownBy(() -> Preparation.prepare(config, folder, LogFixture.NOW, Progress.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("must be new, empty or a prepared folder");
        assertThatThrownBy(() -> Preparation.prepare(config, ratings, LogFixture.NOW, Progress.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("must be a folder, but is a file");
    }

    @Test
    void openingWhatIsNoPreparedFolderIsTold() {
        assertThatThrownBy(() -> PreparedFolder.open(folder, Progress.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is no prepared folder: it has no stats.json");
    }

    @Test
    void aDamagedPreparedFolderIsTold() throws Exception {
        log.prepare(DataConfig.of(Format.MOVIELENS_CSV, ratings, movies).withMinimumInteractions(1));
        Path prepared = log.path("prepared");
        java.nio.file.Files.writeString(prepared.resolve("items.parquet"), "PAR1 and no more");
        assertThatThrownBy(() -> PreparedFolder.open(prepared, Progress.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("items.parquet");
    }

    @Test
    void allMistakesInTheSectionAreToldAtOnce() {
        assertThatThrownBy(() ->
                        new DataConfig(Format.TABLE, ratings, null, null, null, 0, Split.defaults(), 2.0, -1, 100, -2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("data.minimumInteractions = 0, must be >= 1")
                .hasMessageContaining("data.allowedBadShare = 2.0, must be in [0, 1]")
                .hasMessageContaining("data.maximumUsers = -1")
                .hasMessageContaining("data.memoryMiB = 100")
                .hasMessageContaining("data.threads = -2")
                .hasMessageContaining("data.columns = null");
        assertThatThrownBy(() -> DataConfig.table(ratings, null, TableColumns.defaults(), null))
                .hasMessageContaining("data.labelThreshold = null, must be a number");
        TableColumns labelled = new TableColumns(
                "u", "i", "r", "clicked", "t", TableColumns.TimeUnit.ISO, null, List.of("title"), null, null);
        assertThatThrownBy(() -> DataConfig.table(ratings, null, labelled, 3.0))
                .hasMessage(
                        "data.labelThreshold = 3.0, must be left out: data.columns.label is the label, whatever the rating");
        assertThatThrownBy(() -> new Split(0.8, 0.1, 0.2)).hasMessageContaining("data.split.train + validation + test");
        assertThatThrownBy(() -> new TableColumns(
                        "u",
                        "i",
                        null,
                        null,
                        "t",
                        TableColumns.TimeUnit.ISO,
                        null,
                        List.of("Title", "title"),
                        null,
                        null))
                .hasMessageContaining("data.columns.rating = null")
                .hasMessageContaining("data.columns.text = [Title, title]");
    }
}
