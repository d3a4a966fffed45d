package org.dti4j.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.SortedMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.train.AdamW;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each network against its paper's equations, and that it can learn. */
final class NetworksTest {
    private static final int CONTEXT = 5;
    private static final int FOUND = 3;
    private static final int WIDTH = 6;
    private static final double SHIFT = 1e-6;
    private static final ItemTable TABLE = new ItemTable(new int[] {0, 1, 2, 1, 2, 3, 3, 1}, 3, "a test");

    /** Random examples of one to five interactions; the searched ones may be none. */
    private static Examples examples(int count, long seed) {
        Random random = new Random(seed);
        Examples examples = Examples.empty(count, CONTEXT, FOUND);
        for (int row = 0; row < count; row++) {
            examples.targets()[row] = 1 + random.nextInt(TABLE.items());
            examples.labels()[row] = random.nextInt(2);
            fill(examples.items(), examples.feedback(), row, CONTEXT, 1 + random.nextInt(CONTEXT), random);
            fill(examples.foundItems(), examples.foundFeedback(), row, FOUND, random.nextInt(FOUND + 1), random);
            for (int i = row * FOUND; i < (row + 1) * FOUND; i++) {
                examples.foundAges()[i] = examples.foundItems()[i] > 0 ? 1 + random.nextInt(Examples.AGES) : 0;
            }
            for (int i = 0; i < Examples.FEATURES; i++) {
                examples.features()[row * Examples.FEATURES + i] = (float) random.nextGaussian();
            }
            for (int i = 0; i < Examples.PAIRS; i++) {
                examples.pairs()[row * Examples.PAIRS + i] = (float) random.nextGaussian();
            }
        }
        return examples;
    }

    private static void fill(int[] items, int[] feedback, int row, int length, int used, Random random) {
        for (int i = (row + 1) * length - used; i < (row + 1) * length; i++) {
            items[i] = 1 + random.nextInt(TABLE.items());
            feedback[i] = 1 + random.nextInt(2);
        }
    }

    /** Every parameter away from its first value, so that none can be forgotten. */
    private static void disturb(SortedMap<String, Tensor> parameters) {
        Random random = new Random(3);
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            parameters.values().forEach(tensor -> {
                float[] values = Tensors.toFloats(tensor);
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.3f * (float) random.nextGaussian();
                }
                tensor.copy_(Placement.CPU_FLOAT32.floats(values, Tensors.shape(tensor)));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkComputesItsPapersEquations(BaselineModel model) {
        Examples examples = examples(12, 7);
        try (Parameters parameters = new Parameters(1);
                Scope scope = Scope.open()) {
            Network network = model.network(parameters, TABLE, WIDTH, CONTEXT);
            disturb(parameters.all());
            float[] logits = Tensors.toFloats(network.logits(examples));
            assertThat(logits).hasSize(12);
            for (int row = 0; row < logits.length; row++) {
                double plain = new PlainNetworks(parameters, TABLE, WIDTH, examples, row).logit(model);
                assertThat((double) logits[row]).isCloseTo(plain, within(1e-4 * (1 + Math.abs(plain))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGradientOfTheLossIsThatOfThePlainEquations(BaselineModel model) {
        Examples examples = examples(4, 8);
        try (Parameters parameters = new Parameters(1);
                Scope scope = Scope.open()) {
            Network network = model.network(parameters, TABLE, WIDTH, CONTEXT);
            disturb(parameters.all());
            Tensor labels = Placement.CPU_FLOAT32.floats(examples.labels(), examples.count());
            Tensor logits = network.logits(examples);
            torch.softplus(logits).sub(logits.mul(labels)).sum().backward();
            parameters.all().forEach((name, tensor) -> {
                double before = loss(model, parameters, examples, name, -SHIFT);
                double after = loss(model, parameters, examples, name, SHIFT);
                double slope = Tensors.toFloats(tensor.grad().sum())[0];
                assertThat(slope)
                        .as(name)
                        .isCloseTo((after - before) / (2 * SHIFT), within(1e-3 * (1 + Math.abs(slope))));
            });
        }
    }

    /** The loss by the plain equations, with every element of one parameter moved by the same amount. */
    private static double loss(BaselineModel model, Parameters parameters, Examples examples, String name, double by) {
        double loss = 0;
        for (int row = 0; row < examples.count(); row++) {
            double logit = new PlainNetworks(parameters, TABLE, WIDTH, examples, row)
                    .shift(name, by)
                    .logit(model);
            loss += Math.log1p(Math.exp(logit)) - logit * examples.labels()[row];
        }
        return loss;
    }

    @ParameterizedTest
    @EnumSource
    void aNetworkLearnsARuleThatItsInputsShow(BaselineModel model) {
        Examples examples = examples(256, 9);
        for (int row = 0; row < 256; row++) {
            boolean liked = switch (model) {
                case LOGISTIC_REGRESSION -> examples.features()[row * Examples.FEATURES] > 0;
                case COLLABORATIVE_FILTER -> examples.pairs()[row * Examples.PAIRS + 1] > 0;
                default -> examples.targets()[row] % 2 == 0;
            };
            examples.labels()[row] = liked ? 1 : 0;
        }
        try (Parameters parameters = new Parameters(1)) {
            Network network = model.network(parameters, TABLE, WIDTH, CONTEXT);
            double loss = Double.NaN;
            try (AdamW optimiser = new AdamW(parameters.all(), 0, 0.999)) {
                for (int step = 0; step < 150; step++) {
                    loss = step(network, examples, parameters, optimiser);
                }
            }
            assertThat(loss).isLessThan(0.3);
        }
    }

    private static double step(Network network, Examples examples, Parameters parameters, AdamW optimiser) {
        try (Scope scope = Scope.open()) {
            Tensor labels = Placement.CPU_FLOAT32.floats(examples.labels(), examples.count());
            Tensor logits = network.logits(examples);
            Tensor loss = torch.softplus(logits).sub(logits.mul(labels)).mean();
            parameters.all().values().forEach(tensor -> {
                if (tensor.grad().defined()) {
                    tensor.grad().zero_();
                }
            });
            loss.backward();
            optimiser.step(0.02);
            return loss.item_double();
        }
    }
}
