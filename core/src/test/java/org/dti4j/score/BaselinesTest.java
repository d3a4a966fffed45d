package org.dti4j.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Item;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.data.Statistics;
import org.junit.jupiter.api.Test;

final class BaselinesTest {
    /** Three training likes of four in all: the mean is (3 + 1) / (4 + 2). */
    private static final double MEAN = 4.0 / 6;

    private static final Log LOG = new Log(List.of(
            new LogHistory("ann", new int[] {0, 1, 0, 1, 2}, new boolean[] {true, false, true, true, false}, 2),
            new LogHistory("bob", new int[] {0, 0, 2}, new boolean[] {true, true, false}, 2)));

    private static final Baselines BASELINES = Baselines.of(LOG);

    @Test
    void itemMeanCountsTheTrainingPartOnly() {
        assertThat(BASELINES.probabilities(Baseline.ITEM_MEAN, 0, new int[] {2, 3, 4}))
                .containsExactly(smoothed(3, 3), smoothed(0, 1), smoothed(0, 0));
    }

    @Test
    void userMeanCountsEverythingEarlierAndNothingElse() {
        assertThat(BASELINES.probabilities(Baseline.USER_MEAN, 0, new int[] {2, 3, 4}))
                .containsExactly(smoothed(1, 2), smoothed(2, 3), smoothed(3, 4));
    }

    @Test
    void bothMeansAddAsLogOdds() {
        double[] both = BASELINES.probabilities(Baseline.ITEM_AND_USER_MEAN, 0, new int[] {2, 4});
        double odds = odds(smoothed(3, 3)) * odds(smoothed(1, 2)) / odds(MEAN);
        assertThat(both[0]).isCloseTo(odds / (1 + odds), within(1e-12));
        assertThat(both[1]).as("an item never seen leaves the user's mean").isCloseTo(smoothed(3, 4), within(1e-12));
    }

    @Test
    void targetsOfAPartStandByUserThenTime() {
        double[] all = BASELINES.probabilities(Baseline.USER_MEAN, Part.TEST);
        assertThat(all).containsExactly(smoothed(1, 2), smoothed(2, 3), smoothed(3, 4), smoothed(2, 2));
        assertThat(BASELINES.probabilities(Baseline.USER_MEAN, new int[] {0, 1, 0}, new int[] {3, 2, 4}))
                .containsExactly(all[1], all[3], all[2]);
    }

    @Test
    void ownLabelIsNeverRead() {
        Log flipped = new Log(List.of(
                new LogHistory("ann", new int[] {0, 1, 0, 1, 2}, new boolean[] {true, false, true, true, true}, 2),
                LOG.histories().get(1)));
        for (Baseline baseline : Baseline.values()) {
            assertThat(Baselines.of(flipped).probabilities(baseline, Part.TEST))
                    .isEqualTo(BASELINES.probabilities(baseline, Part.TEST));
        }
    }

    @Test
    void trainingTargetsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BASELINES.probabilities(Baseline.ITEM_MEAN, 0, new int[] {1}))
                .withMessageContaining("interaction 1 of user 0");
    }

    private static double smoothed(int liked, int seen) {
        return (liked + 5 * MEAN) / (seen + 5);
    }

    private static double odds(double probability) {
        return probability / (1 - probability);
    }

    private record Log(List<LogHistory> histories) implements PreparedData {
        @Override
        public List<Item> items() {
            return IntStream.range(0, 3)
                    .mapToObj(item -> new Item("item" + item, new TreeMap<>()))
                    .toList();
        }

        @Override
        public int users() {
            return histories.size();
        }

        @Override
        public History history(int user) {
            return histories.get(user);
        }

        @Override
        public Statistics statistics() {
            throw new AssertionError("no baseline reads statistics");
        }

        @Override
        public String hash() {
            throw new AssertionError("no baseline reads the hash");
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record LogHistory(String user, int[] items, boolean[] labels, int training) implements History {
        @Override
        public int size() {
            return items.length;
        }

        @Override
        public int item(int interaction) {
            return items[interaction];
        }

        @Override
        public boolean label(int interaction) {
            return labels[interaction];
        }

        @Override
        public double rating(int interaction) {
            return labels[interaction] ? 5 : 1;
        }

        @Override
        public long time(int interaction) {
            return interaction;
        }

        @Override
        public Part part(int interaction) {
            return interaction < training ? Part.TRAIN : Part.TEST;
        }
    }
}
