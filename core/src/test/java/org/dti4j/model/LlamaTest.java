package org.dti4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaTest {
    /** The last layer of {@link Llama#logits} is computed at [SUM]s alone, that of {@link Llama#hidden} everywhere. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void logitsAreReadFromTheHiddenStatesAtSums(int layers) {
        for (int seed = 0; seed < 10; seed++) {
            LlamaConfig shape = TestModels.withLayers(TestModels.SHAPES.get(seed % TestModels.SHAPES.size()), layers);
            RandomPrompts random = new RandomPrompts(seed, shape.vocabulary());
            Method method = random.method();
            Layout layout = Layout.of(random.batch(method), method, RandomPrompts.SUM_ID);
            try (Scope scope = Scope.open();
                    Llama model = TestModels.frozen(shape)) {
                Tensor sums = model.placement().integers(layout.sumRows(), layout.targets());
                Tensor states = model.hidden(layout).index_select(0, sums);
                Block.Norm norm = new Block.Norm(weight(model, "model.norm.weight"), shape.normEpsilon());
                Tensor head = weight(model, shape.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight");
                float[] expected = Tensors.toFloats(torch.linear(norm.apply(states), head));
                assertThat(TestModels.difference(TestModels.logits(model, layout), expected))
                        .describedAs("%s", method)
                        .isLessThan(1e-5 * Math.max(1, TestModels.size(expected)));
            }
        }
    }

    private static Tensor weight(Llama model, String name) {
        return Objects.requireNonNull(model.weights().get(name));
    }
}
