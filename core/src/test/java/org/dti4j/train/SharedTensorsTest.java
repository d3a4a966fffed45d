package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.distribute.Peers;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With peers that add 10 to every element: what the others have. */
class SharedTensorsTest {
    private record AddingTen(int rank, boolean inPlace) implements Peers {
        @Override
        public int size() {
            return 2;
        }

        @Override
        public void sum(float[] values) {
            assertThat(inPlace).isFalse();
            for (int i = 0; i < values.length; i++) {
                values[i] += 10;
            }
        }

        @Override
        public void sum(double[] values) {
            throw new AssertionError("of tensors nothing is summed so");
        }

        @Override
        public boolean sumInPlace(List<Tensor> tensors) {
            if (inPlace) {
                tensors.forEach(tensor -> Tensors.write(
                        new float[] {Tensors.toFloats(tensor)[0] + 10, Tensors.toFloats(tensor)[1] + 10},
                        List.of(tensor)));
            }
            return inPlace;
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "0, false", "1, false"})
    void tensorsAreSummedOrTakenFromTheFirst(int rank, boolean inPlace) {
        try (Scope scope = Scope.open()) {
            Tensor first = torch.tensor(new float[] {1, 2});
            Tensor second = torch.tensor(new float[] {3, 4});
            SharedTensors shared = new SharedTensors(new AddingTen(rank, inPlace));

            shared.sum(List.of(first, second));
            assertThat(Tensors.toFloats(first)).containsExactly(11, 12);
            assertThat(Tensors.toFloats(second)).containsExactly(13, 14);

            shared.fromFirst(List.of(second));
            // the first contributes what it has, another nothing
            assertThat(Tensors.toFloats(second))
                    .containsExactly(rank == 0 ? new float[] {23, 24} : new float[] {10, 10});
        }
    }
}
