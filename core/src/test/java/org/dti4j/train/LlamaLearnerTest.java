package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.Engine;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.LinearMap;
import org.dti4j.model.Llama;
import org.dti4j.model.RandomWeights;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.tensor.Threads;
import org.dti4j.tensor.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a learner says of gradients while it still makes others. */
class LlamaLearnerTest {
    private static final int TARGETS = 3;
    private static final int MICRO_BATCHES = 5;

    @AfterEach
    void oneThreadAgain() {
        Threads.use(1);
    }

    /** With one worker, and with two that have two and three micro-batches. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBucketThatIsToldWholeHasTheGradientsOfAllMicroBatches(int threads) {
        Threads.use(threads);
        List<Stream> streams = IntStream.range(0, MICRO_BATCHES)
                .mapToObj(user -> new Stream(user, 0, 0, TARGETS))
                .toList();
        try (Llama model = Llama.load(
                        new RandomWeights(TestModels.TINY, 7), Placement.CPU_FLOAT32, LinearMap.Factory.PLAIN);
                Workers workers = Workers.start();
                LlamaLearner learner = learner(model, workers)) {
            Buckets buckets = Buckets.of(learner.parameters(), 1);
            assertThat(buckets.count()).isEqualTo(TestModels.TINY.layers());
            Map<Integer, SortedMap<String, float[]>> told = new ConcurrentHashMap<>();
            Step whole = new Step(streams.stream().map(List::of).toList());
            learner.accumulate(
                    whole,
                    1,
                    buckets,
                    bucket -> assertThat(told.put(bucket, gradients(buckets.of(bucket))))
                            .as("told once")
                            .isNull());
            SortedMap<String, float[]> atTheEnd = gradients(learner.parameters());
            assertThat(told).hasSize(buckets.count());
            told.values()
                    .forEach(bucket -> bucket.forEach(
                            (name, gradient) -> assertThat(gradient).as(name).isEqualTo(atTheEnd.get(name))));

            zero(learner.parameters());
            for (Stream stream : streams) {
                learner.accumulate(new Step(List.of(List.of(stream))), 1);
            }
            gradients(learner.parameters()).forEach((name, sum) -> {
                float[] found = Objects.requireNonNull(atTheEnd.get(name));
                for (int i = 0; i < sum.length; i++) {
                    // a step divides by its targets, of which the whole one has five times as many
                    assertThat(found[i] * MICRO_BATCHES).as(name).isCloseTo(sum[i], within(1e-4f));
                }
            });
        }
    }

    private static LlamaLearner learner(Llama model, Workers workers) {
        SortedMap<String, Tensor> parameters = model.weights();
        parameters.values().forEach(parameter -> parameter.set_requires_grad(true));
        return new LlamaLearner(
                new Engine(model, null),
                parameters,
                Method.named("dti").withContext(3),
                new PromptVocabulary(RandomPrompts.SUM_ID, 4, 5),
                stream -> new RandomPrompts(stream.user(), TestModels.TINY.vocabulary())
                        .prompt(new int[] {1, 2}, 3, TARGETS),
                stream -> 1,
                0,
                workers);
    }

    private static SortedMap<String, float[]> gradients(SortedMap<String, Tensor> parameters) {
        SortedMap<String, float[]> gradients = new TreeMap<>();
        try (Scope scope = Scope.open()) {
            parameters.forEach((name, parameter) -> gradients.put(name, Tensors.toFloats(parameter.grad())));
        }
        return gradients;
    }

    private static void zero(SortedMap<String, Tensor> parameters) {
        try (Scope scope = Scope.open()) {
            parameters.values().forEach(parameter -> parameter.grad().zero_());
        }
    }
}
