package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    @TempDir
    Path folder = Path.of("set by JUnit");

    private LogFixture log = new LogFixture(folder);

    @BeforeEach
    void inFolder() {
        log = new LogFixture(folder);
    }

    private DataConfig table(List<String> rows) {
        List<String> lines = new ArrayList<>(List.of("user,item,rating,time"));
        lines.addAll(rows);
        Path interactions = log.write("rows.csv", lines.toArray(String[]::new));
        List<String> items = new ArrayList<>(List.of("item,title"));
        IntStream.range(0, 30).forEach(item -> items.add("i%d,Title %d".formatted(item, item)));
        return DataConfig.table(
                interactions, log.write("items.csv", items.toArray(String[]::new)), TableColumns.defaults(), 3.0);
    }

    private static List<String> randomRows(int size) {
        Random random = new Random(7);
        return random.ints(size, 0, 20)
                .mapToObj(user ->
                        "u%d,i%d,%d,%d".formatted(user, random.nextInt(30), 1 + random.nextInt(5), random.nextInt(50)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void theOrderOfRowsChangesNothing() {
        List<String> rows = randomRows(600);
        PreparedData first = log.prepare(table(rows));
        Collections.shuffle(rows, new Random(8));
        PreparedData second = log.prepare(table(rows));

        assertThat(first.statistics().interactionRows().duplicates()).isPositive();
        assertThat(first.statistics().interactionRows().conflicting()).isPositive();
        assertThat(second.hash()).isEqualTo(first.hash());
        assertThat(second.statistics()).isEqualTo(first.statistics());
        rows.set(0, "u1,i1,5,49");
        assertThat(log.prepare(table(rows)).hash()).isNotEqualTo(first.hash());
    }

    @Test
    void itemsWithTooFewInteractionsArePrunedAndDuplicatesCountOnce() {
        List<String> rows = List.of(
                "u1,i1,5,1",
                "u2,i1,5,1",
                "u3,i1,5,1", // three
                "u1,i2,5,2",
                "u2,i2,5,2",
                "u2,i2,4,2", // two and a duplicate
                "u4,i3,5,3");
        PreparedData data = log.prepare(table(rows).withMinimumInteractions(3));

        assertThat(data.items()).extracting(Item::id).containsExactly("i1");
        assertThat(data.users()).isEqualTo(3);
        assertThat(data.statistics().pruned()).isEqualTo(new Statistics.Pruned(29, 3, 1));
        assertThat(log.prepare(table(rows).withMinimumInteractions(2)).items())
                .extracting(Item::id)
                .containsExactly("i1", "i2");
    }

    @Test
    void ofConflictingDuplicatesTheHighestRatingStays() {
        PreparedData data = log.prepare(
                table(List.of("u1,i1,2,1", "u1,i1,5,1", "u1,i1,2,1")).withMinimumInteractions(1));

        assertThat(data.history(0).size()).isEqualTo(1);
        assertThat(data.history(0).rating(0)).isEqualTo(5);
        assertThat(data.history(0).label(0)).isTrue();
        assertThat(data.statistics().interactionRows().duplicates()).isEqualTo(2);
        assertThat(data.statistics().interactionRows().conflicting()).isEqualTo(1);
    }

    @Test
    void theLabelIsOneAboveTheThresholdAlone() {
        PreparedData data = log.prepare(
                table(List.of("u1,i1,3,1", "u1,i2,3.01,2", "u1,i3,2,3")).withMinimumInteractions(1));

        assertThat(IntStream.range(0, 3).mapToObj(data.history(0)::label)).containsExactly(false, true, false);
    }

    @Test
    void theCutIsGlobalAndTiesAreBrokenByUserThenItem() {
        // u10 comes after u9, as numbers do; all times but two are equal
        List<String> rows = List.of(
                "u10,i1,5,50",
                "u10,i2,5,50",
                "u9,i20,5,50",
                "u9,i3,5,50",
                "u1,i1,5,50",
                "u1,i2,5,50",
                "u2,i5,5,50",
                "u2,i6,5,50",
                "u1,i9,5,99",
                "u10,i9,5,1");
        PreparedData data = log.prepare(table(rows).withMinimumInteractions(1));

        assertThat(LogFixture.interactions(data))
                .containsExactly(
                        "u1 i1 5.0 1 TRAIN",
                        "u1 i2 5.0 1 TRAIN",
                        "u1 i9 5.0 1 TEST",
                        "u2 i5 5.0 1 TRAIN",
                        "u2 i6 5.0 1 TRAIN",
                        "u9 i3 5.0 1 TRAIN",
                        "u9 i20 5.0 1 TRAIN",
                        "u10 i9 5.0 1 TRAIN",
                        "u10 i1 5.0 1 TRAIN",
                        "u10 i2 5.0 1 VALIDATION");
    }

    @Test
    void everyTrainingInteractionIsEarlierThanEveryTestOne() {
        Statistics statistics = log.prepare(table(randomRows(600))).statistics();
        Statistics.PartStatistics train = statistics.part(Part.TRAIN);
        Statistics.PartStatistics validation = statistics.part(Part.VALIDATION);
        Statistics.PartStatistics test = statistics.part(Part.TEST);

        assertThat(train.lastTime()).isLessThanOrEqualTo(validation.firstTime());
        assertThat(validation.lastTime()).isLessThanOrEqualTo(test.firstTime());
        long all = statistics.interactions();
        assertThat(train.interactions()).isEqualTo(Math.round(all * 0.8));
        assertThat(train.interactions() + validation.interactions()).isEqualTo(Math.round(all * 0.9));
    }

    @Test
    void aSampleOfUsersIsTheSameEveryTimeAndWhole() {
        List<String> rows = randomRows(600);
        PreparedData all = log.prepare(table(rows).withMinimumInteractions(1));
        PreparedData sample = log.prepare(table(rows).withMinimumInteractions(1).withMaximumUsers(5));
        Collections.shuffle(rows, new Random(9));

        assertThat(sample.users()).isEqualTo(5);
        assertThat(log.prepare(table(rows).withMinimumInteractions(1).withMaximumUsers(5))
                        .hash())
                .isEqualTo(sample.hash());
        Statistics.Rows account = sample.statistics().interactionRows();
        assertThat(account.leftOut()).isPositive();
        assertThat(account.rows())
                .isEqualTo(account.duplicates()
                        + account.leftOut()
                        + sample.statistics().interactions());
        for (int user = 0; user < 5; user++) {
            String id = sample.history(user).user();
            int whole = IntStream.range(0, all.users())
                    .filter(other -> all.history(other).user().equals(id))
                    .map(other -> all.history(other).size())
                    .sum();
            assertThat(sample.history(user).size()).isEqualTo(whole);
        }
    }

    @Test
    void tooManyBadRowsFailAndAreShownWithTheirLines() {
        List<String> rows = new ArrayList<>(randomRows(98));
        rows.add("u1,i1,bad,5");
        rows.add("u1,i99,4,5");
        DataConfig config = table(rows);

        assertThatThrownBy(() -> log.prepare(config.withAllowedBadShare(0.01)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("2 of 100 rows are bad")
                .hasMessageContaining("1 value that cannot be read, 1 item that the items file lacks")
                .hasMessageContaining("rows.csv:100: value that cannot be read: u1,i1,bad,5")
                .hasMessageContaining("rows.csv:101: item that the items file lacks: u1,i99,4,5");
        assertThat(folder)
                .isDirectoryNotContaining(path -> path.getFileName().toString().contains("prepared"));
        assertThat(log.prepare(config.withAllowedBadShare(0.02))
                        .statistics()
                        .interactionRows()
                        .allBad())
                .isEqualTo(2);
    }

    @Test
    void aFailureLeavesThePreparedFolderAsItWas() throws Exception {
        String hash = log.prepare(table(randomRows(300))).hash();
        Path rows = log.write("rows.csv", "user,item,rating,time", "u1,i1,bad,5");
        DataConfig config = DataConfig.table(rows, log.path("items.csv"), TableColumns.defaults(), 3.0);

        assertThatThrownBy(() -> log.prepare(config)).isInstanceOf(UserException.class);
        assertThat(PreparedFolder.open(log.path("prepared"), Progress.SILENT).hash())
                .isEqualTo(hash);
        try (var content = Files.list(folder)) {
            assertThat(content.filter(path -> path.getFileName().toString().startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void memoryBelowTheSizeOfTheDataSuffices() {
        List<String> rows = IntStream.range(0, 300_000)
                .mapToObj(i ->
                        "user-with-a-long-name-%d,i%d,%d,%d".formatted(i % 5_000, i * 7 % 30, i % 6, i * 31L % 99_991))
                .toList();
        Statistics statistics = log.prepare(
                        table(rows).with(data -> data.memoryMiB(256).threads(2)))
                .statistics();

        assertThat(statistics.interactions() + statistics.interactionRows().duplicates())
                .isEqualTo(300_000);
    }
}
