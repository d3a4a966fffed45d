package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    @Test
    void livePointersAndResidentMemoryStayFlatOverTwoThousandSteps() {
        List<Long> pointers = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        long before = Pointer.totalCount();
        try (ToyLearner learner = new ToyLearner(1, true)) {
            new Trainer(new Configs().epochs(100).clip(0.1).build(), learner, new ToySteps(20, 10), System::nanoTime)
                    .validation(at -> {
                        pointers.add(Pointer.totalCount());
                        resident.add(
                                Pointer.physicalBytes() - Runtime.getRuntime().totalMemory());
                        return 1.0 / at.epochNumber();
                    })
                    .train();
        }
        assertThat(pointers).hasSize(100);
        // the second validation is the first after the copy of the best weights
        assertThat(pointers.subList(1, 100)).allMatch(count -> count <= pointers.get(1));
        assertThat(resident.get(99) - resident.get(20)).isLessThan(32L << 20);
        assertThat(Pointer.totalCount() - before)
                .as("pointers that outlive the run")
                .isLessThan(100);
    }
}
