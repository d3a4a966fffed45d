package org.dti4j.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.data.SyntheticData;
import org.dti4j.score.Baselines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ItemPairsTest {
    private static final int CONTEXT = 7;
    private static final PreparedData DATA = SyntheticData.of(3, 40, 12, 5, 40);
    private static final Baselines MEANS = Baselines.of(DATA);

    /** An interaction of the training part, and what is left of its label. */
    private record Rest(int user, int at, int item, double value) {}

    @ParameterizedTest
    @ValueSource(ints = {1000, 9})
    void theSumOverTheContextIsThatOfItsEquation(int mostOfAUser) {
        ItemPairs pairs = ItemPairs.of(DATA, MEANS, 1000, mostOfAUser);
        List<Rest> rests = rests(DATA, mostOfAUser);
        int checked = 0;
        for (int user = 0; user < DATA.users(); user++) {
            for (int target = 0; target < DATA.history(user).size(); target++) {
                assertThat(pairs.ofContext(user, target, CONTEXT)).isCloseTo(plain(rests, user, target), within(1e-5));
                checked += plain(rests, user, target) == 0 ? 0 : 1;
            }
        }
        assertThat(checked).isGreaterThan(500);
    }

    @Test
    void theUsersOffsetIsTheMeanOfItsContextDrawnTowardsNothing() {
        ItemPairs pairs = ItemPairs.of(DATA, MEANS);
        History history = DATA.history(0);
        int target = history.size() - 1;
        double sum = 0;
        for (int i = target - CONTEXT; i < target; i++) {
            sum += label(history, i) - mean(DATA, history.item(i));
        }
        assertThat(pairs.ofUser(0, target, CONTEXT)).isCloseTo(sum / (CONTEXT + 5), within(1e-9));
        assertThat(pairs.ofUser(0, 0, CONTEXT)).isZero();
    }

    @Test
    void aTrainingTargetIsNotToldByItself() {
        PreparedData alone = SyntheticData.of(5, 1, 200, 20);
        ItemPairs pairs = ItemPairs.of(alone, Baselines.of(alone));
        History history = alone.history(0);
        int test = history.size() - 1;
        assertThat(history.part(test)).isEqualTo(Part.TEST);
        for (int target = 0; target < test && history.part(target) == Part.TRAIN; target++) {
            assertThat(pairs.ofContext(0, target, CONTEXT)).isCloseTo(0, within(1e-9));
        }
    }

    @Test
    void rareItemsBeyondTheMostHaveNoPairs() {
        List<Rest> rests = rests(DATA, 1000);
        ItemPairs few = ItemPairs.of(DATA, MEANS, 1, 1000);
        assertThat(few.ofContext(0, CONTEXT, CONTEXT)).isZero();
        assertThat(plain(rests, 0, CONTEXT)).isNotZero();
    }

    private static double plain(List<Rest> rests, int user, int target) {
        History history = DATA.history(user);
        int first = Math.max(0, target - CONTEXT);
        double offset = 0;
        for (int i = first; i < target; i++) {
            offset += (label(history, i) - mean(DATA, history.item(i))) / (target - first + 5);
        }
        double sum = 0;
        for (int i = first; i < target; i++) {
            if (history.item(i) != history.item(target)) {
                double above = label(history, i) - mean(DATA, history.item(i));
                sum += covariance(rests, user, target, i) * (above - offset);
            }
        }
        return sum;
    }

    /** Over all two interactions of one user with the two items, but for these two. */
    private static double covariance(List<Rest> rests, int user, int target, int context) {
        History history = DATA.history(user);
        double sum = 0;
        int users = 0;
        for (Rest one : rests) {
            for (Rest other : rests) {
                boolean these = one.user == user && one.at == target && other.at == context;
                if (one.user == other.user
                        && one.item == history.item(target)
                        && other.item == history.item(context)
                        && !these) {
                    sum += one.value * other.value;
                    users++;
                }
            }
        }
        return sum / (users + 40);
    }

    private static List<Rest> rests(PreparedData data, int mostOfAUser) {
        List<Rest> rests = new ArrayList<>();
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            int training = (int) IntStream.range(0, history.size())
                    .filter(i -> history.part(i) == Part.TRAIN)
                    .count();
            int first = Math.max(0, training - mostOfAUser);
            double sum = 0;
            for (int i = first; i < training; i++) {
                sum += label(history, i) - mean(data, history.item(i));
            }
            for (int i = first; i < training; i++) {
                double above = label(history, i) - mean(data, history.item(i));
                rests.add(new Rest(user, i, history.item(i), above - sum / (training - first + 5)));
            }
        }
        return rests;
    }

    /** The share of likes in training, as if five more had the share of all. */
    private static double mean(PreparedData data, int item) {
        double liked = 0;
        double seen = 0;
        double likedOfItem = 0;
        double seenOfItem = 0;
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i = 0; i < history.size() && history.part(i) == Part.TRAIN; i++) {
                liked += label(history, i);
                seen++;
                likedOfItem += history.item(i) == item ? label(history, i) : 0;
                seenOfItem += history.item(i) == item ? 1 : 0;
            }
        }
        return (likedOfItem + 5 * (liked + 1) / (seen + 2)) / (seenOfItem + 5);
    }

    private static double label(History history, int interaction) {
        return history.label(interaction) ? 1 : 0;
    }
}
