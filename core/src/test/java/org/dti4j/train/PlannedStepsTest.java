package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.dti4j.prompt.Stream;
import org.junit.jupiter.api.Test;

final class PlannedStepsTest {
    private static final List<Stream> STREAMS = new ToySteps(20, 10).streams();

    private static List<Step> steps(int epoch, long from) {
        PlannedSteps planned = new PlannedSteps(new Configs().build(), STREAMS, stream -> 600);
        assertThat(planned.targetsPerEpoch()).isEqualTo(200);
        List<Step> steps = new ArrayList<>();
        for (Iterator<Step> iterator = planned.epoch(epoch, from); iterator.hasNext(); ) {
            steps.add(iterator.next());
        }
        return steps;
    }

    @Test
    void eachEpochTrainsEveryStreamOnceInAnotherOrder() {
        for (int epoch = 0; epoch < 2; epoch++) {
            assertThat(steps(epoch, 0))
                    .allMatch(step -> step.targets() == 10)
                    .allMatch(step -> step.microBatches().size() == 2)
                    .flatMap(Step::microBatches)
                    .flatMap(microBatch -> microBatch)
                    .containsExactlyInAnyOrderElementsOf(STREAMS);
        }
        assertThat(steps(0, 0)).isNotEqualTo(steps(1, 0));
    }

    @Test
    void anEpochThatIsEnteredLateGoesOnAsIfItHadBeenRead() {
        assertThat(steps(1, 7)).isEqualTo(steps(1, 0).subList(7, 20));
    }
}
