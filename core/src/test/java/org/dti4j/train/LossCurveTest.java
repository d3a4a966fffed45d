package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.Engine;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.lora.TestAdapters;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over 200 steps the engine, on several workers, follows the loss curve that the definition has under autograd. */
class LossCurveTest {
    private static final int STEPS = 200;
    private static final int TARGETS = 5;
    private static final LlamaConfig SHAPE = TestModels.TINY;
    private static final PromptVocabulary ANSWERS = new PromptVocabulary(RandomPrompts.SUM_ID, 4, 5);

    @ParameterizedTest
    @CsvSource({"dti, true", "dti-isolated, false", "sliding-window, true"})
    void theEngineFollowsTheDefinition(String name, boolean adapters) {
        Method method = Method.named(name).withContext(3);
        double[] expected = losses(method, adapters, false);
        double[] found = losses(method, adapters, true);
        assertThat(found).hasSize(STEPS);
        assertThat(expected[STEPS - 1]).as("it learns").isLessThan(0.8 * expected[0]);
        for (int step = 0; step < STEPS; step++) {
            assertThat(Math.abs(found[step] - expected[step]))
                    .describedAs("step %d of %s", step, name)
                    .isLessThan(1e-4 * Math.max(1, expected[step]));
        }
    }

    private static double[] losses(Method method, boolean adapters, boolean byEngine) {
        Recorder recorder = new Recorder();
        try (Lora lora = Lora.fresh(AdapterConfig.defaults(), 1, Placement.CPU_FLOAT32);
                Llama model = Llama.load(
                        new RandomWeights(SHAPE, 7), Placement.CPU_FLOAT32, adapters ? lora : LinearMap.Factory.PLAIN);
                Workers workers = Workers.start()) {
            SortedMap<String, Tensor> parameters = adapters ? lora.parameters() : model.weights();
            parameters.values().forEach(parameter -> parameter.set_requires_grad(true));
            if (adapters) {
                TestAdapters.draw(parameters.values());
            }
            Function<Stream, Prompt> prompts = stream -> prompt(method, stream);
            Learner learner = byEngine
                    ? new LlamaLearner(
                            new Engine(model, adapters ? lora : null),
                            parameters,
                            method,
                            ANSWERS,
                            prompts,
                            stream -> prompt(method, stream).tokens(),
                            0,
                            workers)
                    : new DefinitionLearner(model, parameters, method, prompts);
            TrainConfig config = Configs.plain()
                    .epochs(1)
                    .learningRate(adapters ? 0.002 : 0.001)
                    .build();
            new Trainer(config, learner, new ToySteps(STEPS, 2 * TARGETS), System::nanoTime)
                    .listener(recorder)
                    .train();
        }
        return recorder.losses();
    }

    /** Liked if the first token of the target's item is even: something that can be learnt. */
    private static Prompt prompt(Method method, Stream stream) {
        int targets = method.targets().count() == 1 ? 1 : TARGETS;
        Prompt random = new RandomPrompts(stream.user() % 20, SHAPE.vocabulary()).prompt(new int[] {1, 2}, 3, targets);
        int[][] items = new int[random.interactions()][];
        int[][] feedbacks = new int[items.length][];
        boolean[] labels = new boolean[items.length];
        for (int i = 0; i < items.length; i++) {
            items[i] = random.item(i);
            feedbacks[i] = random.feedback(i);
            labels[i] = items[i][0] % 2 == 0;
        }
        return new Prompt(random.prefix(), items, feedbacks, 3, labels);
    }

    /** The definition under autograd, one micro-batch after the other. */
    private record DefinitionLearner(
            Llama model, SortedMap<String, Tensor> parameters, Method method, Function<Stream, Prompt> prompts)
            implements Learner {
        @Override
        public double[] accumulate(Step step, long seed) {
            return step.microBatches().stream()
                    .mapToDouble(batch -> accumulate(batch, step.targets()))
                    .toArray();
        }

        private double accumulate(List<Stream> batch, int targetsInStep) {
            try (Scope scope = Scope.open()) {
                Layout layout = Layout.of(batch.stream().map(prompts).toList(), method, ANSWERS.sum());
                int[] labels = new int[layout.targets()];
                for (int target = 0; target < labels.length; target++) {
                    labels[target] = layout.label(target) ? ANSWERS.yes() : ANSWERS.no();
                }
                Tensor index = Placement.CPU_FLOAT32.integers(labels, labels.length, 1);
                Tensor loss = model.logits(layout)
                        .log_softmax(1)
                        .gather(1, index)
                        .sum()
                        .neg();
                loss.div(new Scalar((double) targetsInStep)).backward();
                return loss.item_double();
            }
        }

        @Override
        public int tokens(Stream stream) {
            return prompts.apply(stream).tokens();
        }
    }
}
