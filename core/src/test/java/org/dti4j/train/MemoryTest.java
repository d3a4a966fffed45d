package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private static final int WIDTH = 256;

    /** One matrix of 256 KiB: lost once in each of 2,000 steps, it would come to 500 MiB. */
    private static final class Matrix implements Learner, AutoCloseable {
        private final Tensor matrix;

        Matrix() {
            try (Scope scope = Scope.open()) {
                float[] values = new float[WIDTH * WIDTH];
                Arrays.fill(values, 0.5f);
                matrix = scope.own(Placement.CPU_FLOAT32.floats(values, WIDTH, WIDTH));
                matrix.set_requires_grad(true);
            }
        }

        @Override
        public SortedMap<String, Tensor> parameters() {
            return new TreeMap<>(Map.of("matrix", matrix));
        }

        @Override
        public double[] accumulate(Step step, long seed) {
            Tensor loss = matrix.mul(matrix).sum();
            loss.div(new Scalar((double) step.targets())).backward();
            return new double[] {loss.item_double()};
        }

        @Override
        public int tokens(Stream stream) {
            return 1;
        }

        @Override
        public void close() {
            matrix.close();
        }
    }

    @Test
    void livePointersAndResidentMemoryStayFlatOverTwoThousandSteps() {
        List<Long> pointers = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        long before = Pointer.totalCount();
        try (Matrix learner = new Matrix()) {
            new Trainer(Configs.plain().epochs(100).clip(0.1).build(), learner, new ToySteps(20, 10), System::nanoTime)
                    .validation(at -> {
                        pointers.add(Pointer.totalCount());
                        resident.add(Pointer.physicalBytes());
                        return 1.0 / at.epochNumber();
                    })
                    .train();
        }
        assertThat(pointers).hasSize(100);
        // the second validation is the first after the copy of the best weights; the collector may free older garbage
        assertThat(pointers.subList(1, 100)).allMatch(count -> count <= pointers.get(1));
        // Java's own heap counts too: it grows by at most what these steps allocate, well below the bound
        assertThat(resident.get(99) - resident.get(1)).isLessThan(200L << 20);
        assertThat(Pointer.totalCount() - before)
                .as("pointers that outlive the run")
                .isLessThan(100);
    }
}
