package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.data.SyntheticData;
import org.junit.jupiter.api.Test;

/** docs/method.md section 7, invariant 7, and the plans around it, on random histories. */
final class StreamPlanTest {
    private static final List<Part> PARTS = List.of(Part.TRAIN, Part.VALIDATION, Part.TEST);

    private record Target(int user, int interaction) implements Comparable<Target> {
        @Override
        public int compareTo(Target other) {
            return user == other.user
                    ? Integer.compare(interaction, other.interaction)
                    : Integer.compare(user, other.user);
        }
    }

    private static List<Target> targets(List<Stream> streams) {
        return streams.stream()
                .flatMap(stream -> IntStream.range(stream.firstTarget(), stream.end())
                        .mapToObj(interaction -> new Target(stream.user(), interaction)))
                .toList();
    }

    private static List<Target> expected(PreparedData data, Part part, int minContext) {
        List<Target> expected = new ArrayList<>();
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i = minContext; i < history.size(); i++) {
                if (history.part(i) == part) {
                    expected.add(new Target(user, i));
                }
            }
        }
        return expected;
    }

    @Test
    void everyTargetIsInExactlyOneStreamOfAnyLayout() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 60; round++) {
            PreparedData data = SyntheticData.of(round, 1 + random.nextInt(12), 30, 1, 1 + random.nextInt(70));
            int context = random.nextInt(25);
            int minContext = random.nextBoolean() ? context : random.nextInt(context + 1);
            int k = random.nextInt(5) == 0 ? StreamPlan.ALL : 1 + random.nextInt(20);
            Part part = PARTS.get(random.nextInt(3));
            TargetSet set = TargetSet.of(data, part, minContext);
            List<Target> expected = expected(data, part, minContext);
            assertThat(set.size()).isEqualTo(expected.size());
            assertThat(targets(StreamPlan.of(set, context, k))).isEqualTo(expected);
            assertThat(targets(StreamPlan.of(set, context, 1))).isEqualTo(expected);
        }
    }

    @Test
    void contextIsTheInteractionsBeforeTheFirstTarget() {
        PreparedData data = SyntheticData.of(3, 20, 30, 1, 60);
        for (Stream stream : StreamPlan.of(TargetSet.of(data, Part.TRAIN, 5), 5, 7)) {
            assertThat(stream.firstTarget() - stream.first()).isEqualTo(5);
        }
        for (Stream stream : StreamPlan.of(TargetSet.of(data, Part.TRAIN, 2), 5, 7)) {
            assertThat(stream.first()).isEqualTo(Math.max(0, stream.firstTarget() - 5));
        }
    }

    @Test
    void streamsHaveKTargetsAndTailsAreKept() {
        PreparedData data = SyntheticData.of(4, 20, 30, 10, 60);
        TargetSet set = TargetSet.of(data, Part.TRAIN, 5);
        StreamPlan plan = StreamPlan.of(set, 5, 7);
        int shorter = 0;
        for (int i = 0; i < plan.size(); i++) {
            boolean lastOfUser = i + 1 == plan.size()
                    || plan.get(i + 1).user() != plan.get(i).user();
            assertThat(plan.get(i).targets()).isBetween(lastOfUser ? 1 : 7, 7);
            shorter += plan.get(i).targets() < 7 ? 1 : 0;
        }
        assertThat(shorter).isPositive();
        assertThat(plan.targets()).isEqualTo(set.size());
        StreamPlan whole = StreamPlan.of(set, 5, StreamPlan.ALL);
        assertThat(whole.stream().map(Stream::user)).doesNotHaveDuplicates();
    }

    @Test
    void evaluationSeesEarlierHistoryOfAllParts() {
        PreparedData data = SyntheticData.of(5, 40, 30, 20, 60);
        StreamPlan plan = StreamPlan.of(TargetSet.of(data, Part.TEST, 10), 10, 4);
        assertThat(plan).isNotEmpty();
        assertThat(plan.stream()
                        .filter(stream -> data.history(stream.user()).part(stream.first()) == Part.TRAIN)
                        .count())
                .isPositive();
    }

    @Test
    void samplesHaveTheirSizeAndDependOnTheSeedAlone() {
        PreparedData data = SyntheticData.of(6, 200, 30, 20, 60);
        TargetSet all = TargetSet.of(data, Part.TEST, 0);
        List<Target> everything = targets(StreamPlan.of(all, 3, 1));
        for (int max : List.of(1, 17, 100)) {
            for (TargetSet sample : List.of(all.sample(max, 8), all.sampleUsers(max, 8))) {
                assertThat(sample.size()).isEqualTo(max);
                List<Target> drawn = targets(StreamPlan.of(sample, 3, 50));
                assertThat(drawn).isSorted().doesNotHaveDuplicates().isSubsetOf(everything);
            }
            assertThat(targets(StreamPlan.of(all.sample(max, 8), 3, 1)))
                    .isEqualTo(targets(StreamPlan.of(all.sample(max, 8), 3, 9)))
                    .isNotEqualTo(targets(StreamPlan.of(all.sample(max, 9), 3, 1)));
            assertThat(targets(StreamPlan.of(all.sampleUsers(max, 8), 3, 1)))
                    .isEqualTo(targets(StreamPlan.of(all.sampleUsers(max, 8), 3, 9)))
                    .isNotEqualTo(targets(StreamPlan.of(all.sampleUsers(max, 9), 3, 1)));
        }
        assertThat(all.sample(Integer.MAX_VALUE, 8)).isSameAs(all);
        assertThat(all.sampleUsers(Integer.MAX_VALUE, 8)).isSameAs(all);
    }

    @Test
    void everyTargetHasTheSameChanceToBeDrawn() {
        PreparedData data = SyntheticData.of(7, 10, 30, 10);
        TargetSet all = TargetSet.of(data, Part.TRAIN, 0);
        int[] drawn = new int[data.users() * 10];
        int rounds = 4_000;
        for (int seed = 0; seed < rounds; seed++) {
            targets(StreamPlan.of(all.sample(8, seed), 0, 1))
                    .forEach(target -> drawn[target.user() * 10 + target.interaction()]++);
        }
        double mean = 8.0 * rounds / all.size();
        assertThat(expected(data, Part.TRAIN, 0))
                .allSatisfy(target -> assertThat(drawn[target.user() * 10 + target.interaction()])
                        .isBetween((int) (mean * 0.7), (int) (mean * 1.3)));
    }

    @Test
    void drawnUsersKeepTheirTargetsTogether() {
        PreparedData data = SyntheticData.of(9, 200, 30, 20, 60);
        TargetSet all = TargetSet.of(data, Part.TEST, 0);
        StreamPlan plan = StreamPlan.of(all.sampleUsers(100, 8), 3, StreamPlan.ALL);
        StreamPlan whole = StreamPlan.of(all, 3, StreamPlan.ALL);
        long cut = plan.stream().filter(stream -> !whole.contains(stream)).count();
        assertThat(cut).isLessThanOrEqualTo(1);
        assertThat(new TreeSet<>(new HashSet<>(plan.stream().map(Stream::user).toList())))
                .hasSize(plan.size());
    }
}
