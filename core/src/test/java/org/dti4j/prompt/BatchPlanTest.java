package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dti4j.data.Part;
import org.dti4j.data.SyntheticData;
import org.junit.jupiter.api.Test;

final class BatchPlanTest {
    private static final TargetSet TARGETS = TargetSet.of(SyntheticData.of(1, 300, 30, 1, 200), Part.TRAIN, 10);
    private static final Comparator<Stream> ORDER =
            Comparator.comparingInt(Stream::user).thenComparingInt(Stream::firstTarget);

    private static List<Stream> all(BatchPlan plan) {
        List<Stream> streams = new ArrayList<>();
        IntStream.range(0, plan.steps()).forEach(step -> streams.addAll(plan.step(step)));
        return streams;
    }

    private static long targets(List<Stream> streams) {
        return streams.stream().mapToLong(Stream::targets).sum();
    }

    @Test
    void everyStreamIsInExactlyOneStep() {
        for (int k : List.of(1, 7, 50, StreamPlan.ALL)) {
            StreamPlan streams = StreamPlan.of(TARGETS, 10, k);
            BatchPlan plan = BatchPlan.of(streams, 64, Long.MAX_VALUE, 3, 0);
            assertThat(all(plan).stream().sorted(ORDER)).isEqualTo(streams);
        }
    }

    @Test
    void stepsHaveEquallyManyTargetsInEveryLayout() {
        int perStep = 200;
        long total = TARGETS.size();
        BatchPlan sliding = BatchPlan.of(StreamPlan.of(TARGETS, 10, 1), perStep, Long.MAX_VALUE, 3, 0);
        for (int k : List.of(1, 10, 50)) {
            BatchPlan plan = BatchPlan.of(StreamPlan.of(TARGETS, 10, k), perStep, Long.MAX_VALUE, 3, 0);
            assertThat(plan.steps()).isEqualTo(sliding.steps()).isEqualTo((int) Math.round((double) total / perStep));
            long done = 0;
            int exact = 0;
            for (int step = 0; step < plan.steps() - 1; step++) {
                done += plan.targets(step);
                exact += plan.targets(step) == perStep ? 1 : 0;
                assertThat(plan.targets(step)).isBetween(perStep - k / 2, perStep + k / 2);
                assertThat(Math.abs(done - (long) perStep * (step + 1))).isLessThanOrEqualTo(k / 2);
            }
            assertThat(exact).isGreaterThan((plan.steps() - 1) * 3 / 4);
            assertThat(plan.targets(plan.steps() - 1)).isBetween(perStep / 2, perStep * 3 / 2);
        }
    }

    @Test
    void streamsLongerThanAStepMakeFewerStepsAndNoneIsPutOff() {
        StreamPlan streams = StreamPlan.of(TARGETS, 10, StreamPlan.ALL);
        BatchPlan plan = BatchPlan.of(streams, 20, Long.MAX_VALUE, 3, 0);
        assertThat(IntStream.range(0, plan.steps()).map(plan::targets)).allMatch(targets -> targets > 0);
        assertThat(plan.steps()).isLessThan((int) (TARGETS.size() / 20));
        List<Stream> order = all(plan);
        long early = targets(order.subList(0, order.size() / 2));
        assertThat(early).isBetween(TARGETS.size() * 4 / 10, TARGETS.size() * 6 / 10);
    }

    @Test
    void orderDependsOnSeedAndEpochAlone() {
        StreamPlan streams = StreamPlan.of(TARGETS, 10, 7);
        List<Stream> order = all(BatchPlan.of(streams, 64, Long.MAX_VALUE, 3, 0));
        assertThat(all(BatchPlan.of(List.copyOf(streams), 64, Long.MAX_VALUE, 3, 0)))
                .isEqualTo(order);
        assertThat(all(BatchPlan.of(streams, 64, Long.MAX_VALUE, 4, 0))).isNotEqualTo(order);
        assertThat(all(BatchPlan.of(streams, 64, Long.MAX_VALUE, 3, 1))).isNotEqualTo(order);
        assertThat(order).isNotEqualTo(streams);
    }

    @Test
    void theLastStepIsCutAtMaxTargetsInEveryLayout() {
        for (int k : List.of(1, 7, 50, StreamPlan.ALL)) {
            for (long max : List.of(1L, 64L, 1_001L, 1_050L)) {
                StreamPlan streams = StreamPlan.of(TARGETS, 10, k);
                BatchPlan plan = BatchPlan.of(streams, 64, max, 3, 0);
                assertThat(targets(all(plan))).as("k %d, max %d", k, max).isEqualTo(max);
                assertThat(all(plan).stream()
                                .filter(stream -> !streams.contains(stream))
                                .count())
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void noStreamsMakeNoSteps() {
        assertThat(BatchPlan.of(List.of(), 64, Long.MAX_VALUE, 3, 0).steps()).isZero();
    }

    @Test
    void microBatchesKeepToTheBudgetAndALongerStreamGoesAlone() {
        SplittableRandom random = new SplittableRandom(5);
        StreamPlan streams = StreamPlan.of(TARGETS, 10, 9);
        for (int round = 0; round < 20; round++) {
            List<Stream> step =
                    random.ints(30, 0, streams.size()).mapToObj(streams::get).toList();
            int budget = 20 + random.nextInt(2_000);
            int least = 1 + random.nextInt(4);
            List<List<Stream>> batches = BatchPlan.microBatches(step, BatchPlanTest::tokens, budget, least);
            assertThat(batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(step);
            for (List<Stream> batch : batches) {
                int length = batch.stream().mapToInt(BatchPlanTest::tokens).sum();
                assertThat(batch.size() == 1 || length <= budget).isTrue();
            }
            assertThat(batches).hasSizeGreaterThanOrEqualTo(Math.min(least, step.size()));
            assertThat(batches.stream().flatMap(List::stream).map(BatchPlanTest::tokens))
                    .isSortedAccordingTo(Comparator.reverseOrder());
        }
    }

    private static int tokens(Stream stream) {
        return (stream.end() - stream.first()) * 5;
    }
}
