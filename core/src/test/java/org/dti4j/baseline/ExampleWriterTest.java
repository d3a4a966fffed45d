package org.dti4j.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Item;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.data.Statistics;
import org.dti4j.prompt.Stream;
import org.dti4j.score.Baselines;
import org.junit.jupiter.api.Test;

/** One user, five items of two categories, a day between two interactions. */
final class ExampleWriterTest {
    private static final List<Item> ITEMS = IntStream.range(0, 5)
            .mapToObj(i -> new Item(
                    "id" + i, new TreeMap<>(java.util.Map.of("title", "t" + i, "genres", i % 2 == 0 ? "A|C" : "B"))))
            .toList();
    private static final int[] BOUGHT = {0, 1, 2, 0, 4, 2};

    /** The labels of the history. */
    @SuppressWarnings("ArrayRecordComponent") // compared never
    private record Log(boolean... labels) implements PreparedData, History {
        @Override
        public List<Item> items() {
            return ITEMS;
        }

        @Override
        public int users() {
            return 1;
        }

        @Override
        public History history(int index) {
            return this;
        }

        @Override
        public Statistics statistics() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String hash() {
            return "";
        }

        @Override
        public String user() {
            return "u";
        }

        @Override
        public int size() {
            return BOUGHT.length;
        }

        @Override
        public int item(int interaction) {
            return BOUGHT[interaction];
        }

        @Override
        public boolean label(int interaction) {
            return labels[interaction];
        }

        @Override
        public double rating(int interaction) {
            return 0;
        }

        @Override
        public long time(int interaction) {
            return interaction * 86_400L;
        }

        @Override
        public Part part(int interaction) {
            return interaction < 5 ? Part.TRAIN : Part.TEST;
        }
    }

    private static Examples write(int target, boolean... labels) {
        PreparedData log = new Log(labels);
        ExampleWriter writer = new ExampleWriter(log, Baselines.of(log), ItemTable.of(ITEMS), 3, 2);
        return writer.write(List.of(new Stream(0, Math.max(0, target - 3), target, target + 1)));
    }

    @Test
    void theContextStandsAtTheRightEndOldestFirst() {
        Examples examples = write(2, true, false, true, true, false, true);
        assertThat(examples.targets()).containsExactly(3);
        assertThat(examples.items()).containsExactly(0, 1, 2);
        assertThat(examples.feedback()).containsExactly(0, 2, 1);
        assertThat(examples.labels()).containsExactly(1);
    }

    @Test
    void theHardSearchFindsTheLatestOfTheTargetsCategoryBeyondTheContextToo() {
        Examples late = write(5, true, false, false, true, false, true);
        assertThat(late.foundItems()).containsExactly(1, 5);
        assertThat(late.foundFeedback()).containsExactly(2, 1);
        assertThat(late.foundAges()).containsExactly(1 + 1, 1 + 1); // log2(1 + 2) and log2(1 + 1) days, rounded down
        Examples early = write(2, true, false, true, true, false, true);
        assertThat(early.foundItems()).containsExactly(0, 1);
        assertThat(write(1, true, false, true, true, false, true).foundItems()).containsExactly(0, 0);
    }

    @Test
    void noTargetSeesItsOwnLabelNorALaterOne() {
        for (int target = 0; target < BOUGHT.length; target++) {
            boolean[] labels = {true, false, true, true, false, true};
            Examples one = write(target, labels);
            boolean[] others = labels.clone();
            // counts are drawn towards the mean of the training part, so there labels change places only
            for (int i = target; i < 5; i++) {
                others[i] = labels[4 - (i - target)];
            }
            others[5] = !labels[5];
            Examples other = write(target, others);
            assertThat(other.feedback()).isEqualTo(one.feedback());
            assertThat(other.foundFeedback()).isEqualTo(one.foundFeedback());
            assertThat(other.features()).isEqualTo(one.features());
        }
    }
}
