package org.dti4j.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.engine.Dropout;
import org.dti4j.engine.Engine;
import org.dti4j.engine.GradientSums;
import org.dti4j.engine.Pass;
import org.dti4j.engine.Tape;
import org.dti4j.engine.Workspace;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Workers;

/**
 * Trains a Llama to say the label word at each [SUM]: language-modelling cross-entropy over the whole vocabulary (section 1). The micro-batches
 * of a step are dealt to workers, one core each, by their lengths alone ({@link Hands}), so that equal runs give equal sums.
 */
public final class LlamaLearner implements Learner, AutoCloseable {
    private final Engine engine;
    private final SortedMap<String, Tensor> parameters;
    private final Buckets buckets;
    private final Method method;
    private final PromptVocabulary answers;
    private final Function<Stream, Prompt> prompts;
    private final ToIntFunction<Stream> tokens;
    private final double dropout;
    private final Workers workers;
    private final Hands hands;
    private final List<GradientSums> sums = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();

    /**
     * @param parameters what is trained, float32
     * @param prompts writes a planned stream; asked by several threads at a time
     * @param tokens the length of a planned stream, without writing it
     * @param dropout the share of the adapters' inputs that is dropped
     */
    public LlamaLearner(
            Engine engine,
            SortedMap<String, Tensor> parameters,
            Method method,
            PromptVocabulary answers,
            Function<Stream, Prompt> prompts,
            ToIntFunction<Stream> tokens,
            double dropout,
            Workers workers) {
        this(engine, parameters, method, answers, prompts, tokens, dropout, workers, Hands.alone(workers.count()));
    }

    /** The share of a learner whose work is dealt to several processes. */
    public LlamaLearner(
            Engine engine,
            SortedMap<String, Tensor> parameters,
            Method method,
            PromptVocabulary answers,
            Function<Stream, Prompt> prompts,
            ToIntFunction<Stream> tokens,
            double dropout,
            Workers workers,
            Hands hands) {
        this.engine = engine;
        this.parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        this.buckets = Buckets.of(this.parameters);
        this.method = method;
        this.answers = answers;
        this.prompts = prompts;
        this.tokens = tokens;
        this.dropout = dropout;
        this.workers = workers;
        this.hands = hands;
    }

    @Override
    public SortedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public double[] accumulate(Step step, long seed) {
        return accumulate(step, seed, buckets, bucket -> {});
    }

    @Override
    public double[] accumulate(Step step, long seed, Buckets exchanged, IntConsumer whole) {
        List<List<Stream>> batches = step.microBatches();
        double[] losses = new double[batches.size()];
        List<int[]> dealt = hands.deal(lengths(batches));
        BucketCount count = new BucketCount(exchanged, dealt.size(), bucket -> {
            addToParameters(dealt.size(), exchanged.of(bucket));
            whole.accept(bucket);
        });
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int worker = 0; worker < dealt.size(); worker++) {
            int[] hand = dealt.get(worker);
            GradientSums gradients = sumsOf(worker);
            Workspace workspace = workspaces.get(worker);
            tasks.add(() -> {
                for (int i = 0; i < hand.length; i++) {
                    IntConsumer layers = i < hand.length - 1 ? layer -> {} : count::left;
                    try (Tape tape = Tape.training(gradients, Dropout.of(dropout, seed + hand[i]), workspace, layers)) {
                        losses[hand[i]] = accumulate(batches.get(hand[i]), step.targets(), tape);
                    }
                }
                return true;
            });
        }
        workers.run(tasks);
        count.finish();
        return losses;
    }

    private int[] lengths(List<List<Stream>> batches) {
        return batches.stream()
                .mapToInt(batch -> batch.stream().mapToInt(tokens).sum())
                .toArray();
    }

    private GradientSums sumsOf(int worker) {
        if (worker == sums.size()) {
            sums.add(GradientSums.zeros(parameters));
            workspaces.add(new Workspace());
        }
        return sums.get(worker);
    }

    private void addToParameters(int workersUsed, SortedMap<String, Tensor> whole) {
        try (Scope scope = Scope.open()) {
            SortedMap<String, Tensor> gradients = new TreeMap<>();
            whole.forEach((name, parameter) -> {
                if (!parameter.grad().defined()) {
                    parameter.mutable_grad().put(torch.zeros_like(parameter));
                }
                gradients.put(name, parameter.grad());
            });
            sums.subList(0, workersUsed).forEach(sum -> sum.moveTo(gradients));
        }
    }

    private double accumulate(List<Stream> microBatch, int targetsInStep, Tape tape) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Layout layout = Layout.of(microBatch.stream().map(prompts).toList(), method, answers.sum());
            Pass pass = engine.pass(layout, tape);
            Tensor logits = pass.logits();
            Tensor logProbabilities = logits.to(torch.ScalarType.Float).log_softmax(1);
            Tensor labels = labels(layout);
            double loss = -logProbabilities.gather(1, labels).sum().item_double();
            pass.backward(lossGradient(logProbabilities, labels, targetsInStep).to(logits.scalar_type()));
            return loss;
        }
    }

    /** [S, 1]. */
    private Tensor labels(Layout layout) {
        int[] labels = new int[layout.targets()];
        for (int target = 0; target < labels.length; target++) {
            labels[target] = layout.label(target) ? answers.yes() : answers.no();
        }
        return engine.placement().integers(labels, labels.length, 1);
    }

    /** Of the mean cross-entropy by the logits: (softmax - one-hot) / targets, [S, V]; overwrites its first argument. */
    private static Tensor lossGradient(Tensor logProbabilities, Tensor labels, int targetsInStep) {
        Tensor minusOne = logProbabilities.new_empty(labels.size(0), 1).fill_(new Scalar(-1.0));
        return logProbabilities.exp_().scatter_add_(1, labels, minusOne).mul_(new Scalar(1.0 / targetsInStep));
    }

    @Override
    public int tokens(Stream stream) {
        return tokens.applyAsInt(stream);
    }

    @Override
    public void close() {
        sums.forEach(GradientSums::close);
        workspaces.forEach(Workspace::close);
    }
}
