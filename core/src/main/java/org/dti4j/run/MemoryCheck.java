package org.dti4j.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.ModelConfig;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Precision;
import org.dti4j.train.Step;

/**
 * Refuses a run that needs more memory than there is, instead of letting the system end it without a word hours later. Batches are
 * compared by the lengths of their planned streams; only the largest is laid out.
 *
 * @param available bytes; 0 when unknown, and then nothing is refused
 */
record MemoryCheck(RunConfig config, boolean allWeights, long available) {
    /** The plan of a hundred million prompts is not walked to its end; the order is random, so a part of it tells enough. */
    private static final int MOST_STREAMS = 200_000;

    static MemoryCheck of(RunConfig config, Host host) {
        boolean allWeights =
                config.model().name().equals(BaseModel.NANO) || config.adapter().kind() == AdapterConfig.Kind.NONE;
        // what lies on another device is not this memory's
        return new MemoryCheck(config, allWeights, config.model().device().equals("cpu") ? host.memoryBytes() : 0);
    }

    private int adapterRank() {
        return allWeights ? 0 : config.adapter().rank();
    }

    /** Before the weights are read: whether they fit at all. */
    void weights(LlamaConfig model) {
        boolean single = allWeights || config.model().precision() == ModelConfig.PrecisionChoice.FLOAT32;
        MemoryEstimate least =
                MemoryEstimate.ofWeights(model, single ? Precision.FLOAT32 : Precision.BFLOAT16, adapterRank());
        require(
                least,
                "the model alone",
                allWeights ? "adapter.kind (lora)" : "model.precision (bfloat16), model.name");
    }

    /**
     * Before training: whether its largest micro-batch fits.
     *
     * @param steps the steps of an epoch
     */
    MemoryEstimate training(ClickModel model, PromptWriter prompts, Iterator<Step> steps) {
        List<Stream> largest = largest(steps, prompts::tokens, config.train().maxTargets());
        if (largest.isEmpty()) {
            return MemoryEstimate.ofWeights(
                    model.llama().config(), model.llama().placement().precision(), adapterRank());
        }
        Layout layout = layout(model, prompts, largest, config.method());
        MemoryEstimate estimate = MemoryEstimate.ofTraining(
                model.llama().config(), model.llama().placement().precision(), adapterRank(), layout, model.workers());
        require(
                estimate,
                "training on %,d tokens at once".formatted(layout.rows()),
                knobs(largest.size(), estimate, model.llama().placement().precision()));
        return estimate;
    }

    /** Before training: whether the batches of its evaluations fit. */
    MemoryEstimate scoring(ClickModel model, PromptWriter prompts, Evaluation evaluation) {
        List<Stream> largest =
                longest(evaluation.streams(), prompts::tokens, config.evaluate().tokensPerBatch());
        if (largest.isEmpty()) {
            return MemoryEstimate.ofWeights(
                    model.llama().config(), model.llama().placement().precision(), adapterRank());
        }
        Layout layout = layout(model, prompts, largest, evaluation.method());
        MemoryEstimate estimate = MemoryEstimate.ofScoring(
                model.llama().config(), model.llama().placement().precision(), adapterRank(), layout, model.workers());
        require(estimate, "scoring %,d tokens at once".formatted(layout.rows()), "evaluate.tokensPerBatch");
        return estimate;
    }

    /** What makes training smaller: the batch, unless it is one stream; then whatever the weights or the numbers take too much of. */
    private String knobs(int streams, MemoryEstimate estimate, Precision precision) {
        List<String> knobs = new ArrayList<>();
        knobs.add(
                streams > 1
                        ? "train.tokensPerMicroBatch"
                        : "method.targets or method.context (this is one stream, and a stream is never cut)");
        if (trainsCheckpoint() && estimate.weights() > estimate.total() / 2) {
            knobs.add("adapter.kind (lora)");
        }
        if (!allWeights && precision == Precision.FLOAT32) {
            knobs.add("model.precision (bfloat16)");
        }
        return String.join(", ", knobs);
    }

    /** All weights of a model that could be trained by an adapter instead. */
    private boolean trainsCheckpoint() {
        return allWeights && !config.model().name().equals(BaseModel.NANO);
    }

    private void require(MemoryEstimate estimate, String what, String knobs) {
        if (available > 0 && estimate.total() > available) {
            throw new UserException(
                    "%s needs about %s of memory (weights and optimiser %s, activations %s, logits %s, process %s), must be at most the %s that this machine has free; reduce %s"
                            .formatted(
                                    what,
                                    MemoryEstimate.gibibytes(estimate.total()),
                                    MemoryEstimate.gibibytes(estimate.weights()),
                                    MemoryEstimate.gibibytes(estimate.activations()),
                                    MemoryEstimate.gibibytes(estimate.logits()),
                                    MemoryEstimate.gibibytes(estimate.process()),
                                    MemoryEstimate.gibibytes(available),
                                    knobs));
        }
    }

    private static Layout layout(ClickModel model, PromptWriter prompts, List<Stream> streams, Method method) {
        return Layout.of(
                streams.stream().map(prompts::write).toList(),
                method,
                model.vocabulary().sum());
    }

    /** The micro-batch of most tokens among the first {@code maxTargets} targets, 0 for all; empty if there is no step. */
    static List<Stream> largest(Iterator<Step> steps, ToIntFunction<Stream> tokens, long maxTargets) {
        List<Stream> largest = List.of();
        long most = -1;
        int streams = 0;
        long targets = 0;
        while (steps.hasNext() && streams < MOST_STREAMS && (maxTargets == 0 || targets < maxTargets)) {
            Step step = steps.next();
            targets += step.targets();
            for (List<Stream> batch : step.microBatches()) {
                streams += batch.size();
                long length = batch.stream().mapToLong(tokens::applyAsInt).sum();
                if (length > most) {
                    most = length;
                    largest = batch;
                }
            }
        }
        return largest;
    }

    /** The longest streams that together stay below a bound; at least one if there is one. */
    static List<Stream> longest(List<Stream> streams, ToIntFunction<Stream> tokens, int bound) {
        record Measured(Stream stream, int tokens) {}
        List<Measured> sorted = streams.stream()
                .limit(MOST_STREAMS)
                .map(stream -> new Measured(stream, tokens.applyAsInt(stream)))
                .sorted(Comparator.comparingInt(Measured::tokens).reversed())
                .toList();
        List<Stream> batch = new ArrayList<>();
        long total = 0;
        for (Measured measured : sorted) {
            if (!batch.isEmpty() && (total + measured.tokens > bound || batch.size() == Evaluation.STREAMS_AT_ONCE)) {
                break;
            }
            total += measured.tokens;
            batch.add(measured.stream);
        }
        return batch;
    }
}
