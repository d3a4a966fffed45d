package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dti4j.data.Part;
import org.dti4j.data.SyntheticData;
import org.dti4j.prompt.Stream;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.train.Configs;
import org.dti4j.train.TrainConfig;
import org.dti4j.train.TrainConfigBuilder;
import org.junit.jupiter.api.Test;

final class PlannedStepsTest {
    private static final StreamPlan STREAMS =
            StreamPlan.of(TargetSet.of(SyntheticData.of(1, 20, 30, 5, 40), Part.TRAIN, 3), 3, 4);

    private static List<Stream> epoch(boolean shuffleHistories, int epoch) {
        TrainConfigBuilder config = Configs.plain().targetsPerStep(20).minContext(3);
        TrainConfig training = config.shuffleHistories(shuffleHistories)
                .shuffleDistance(shuffleHistories ? 5 : 0)
                .build();
        List<Stream> streams = new ArrayList<>();
        new PlannedSteps(STREAMS, training, Stream::targets, 1)
                .epoch(epoch, 0)
                .forEachRemaining(step -> step.microBatches().forEach(streams::addAll));
        return streams;
    }

    private static Set<Long> orders(List<Stream> streams) {
        return streams.stream().map(Stream::order).collect(Collectors.toSet());
    }

    @Test
    void historiesAreReadInTheOrderOfTime() {
        assertThat(orders(epoch(false, 0))).containsExactly(Stream.OF_TIME);
    }

    @Test
    void shuffledHistoriesHaveOneOrderPerEpoch() {
        assertThat(epoch(true, 0)).allMatch(stream -> stream.distance() == 5);
        assertThat(orders(epoch(true, 0))).hasSize(1).doesNotContain(Stream.OF_TIME);
        assertThat(orders(epoch(true, 0))).isEqualTo(orders(epoch(true, 0))).isNotEqualTo(orders(epoch(true, 1)));
    }

    @Test
    void shufflingChangesNoPlaceOfATarget() {
        assertThat(epoch(true, 1).stream()
                        .map(stream -> stream.cut(stream.targets()))
                        .map(stream -> new Stream(stream.user(), stream.first(), stream.firstTarget(), stream.end())))
                .containsExactlyInAnyOrderElementsOf(epoch(false, 1));
    }
}
