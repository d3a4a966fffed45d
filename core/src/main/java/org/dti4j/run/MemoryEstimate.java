package org.dti4j.run;

import java.util.Locale;
import org.dti4j.engine.PassMemory;
import org.dti4j.method.Layout;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Precision;

/**
 * The memory that a run needs, in bytes: an estimate, to refuse what a machine cannot hold before it is tried.
 *
 * @param weights of the model, and what training keeps of those that are trained
 * @param activations of the largest batch, kept for its backward pass
 * @param logits of the largest batch, with the loss
 * @param process the Java heap, the libraries and the data
 */
public record MemoryEstimate(long weights, long activations, long logits, long process) {
    private static final long PROCESS = 600L << 20;

    /** The weight itself, its gradient, two moments of Adam, the copy of the best; float32. */
    private static final int COPIES_OF_TRAINED = 5;

    public MemoryEstimate {
        if (weights < 0 || activations < 0 || logits < 0 || process < 0) {
            throw new IllegalArgumentException(
                    "negative: %d, %d, %d, %d".formatted(weights, activations, logits, process));
        }
    }

    /** The least that a model needs, whatever the batch: known before its weights are read. */
    static MemoryEstimate ofWeights(LlamaConfig model, Precision precision, int adapterRank) {
        return new MemoryEstimate(weightBytes(model, precision, adapterRank), 0, 0, PROCESS);
    }

    /**
     * A run whose largest training batch is laid out so.
     *
     * @param adapterRank of LoRA, 0 if all weights are trained
     * @param workers batches that are trained at a time, each with gradients of its own
     */
    static MemoryEstimate ofTraining(
            LlamaConfig model, Precision precision, int adapterRank, Layout largest, int workers) {
        PassMemory pass = new PassMemory(model, precision, adapterRank);
        long trained = adapterRank == 0 ? model.parameters() : adapterParameters(model, adapterRank);
        return new MemoryEstimate(
                weightBytes(model, precision, adapterRank) + workers * trained * Precision.FLOAT32.bytes(),
                workers * withSlack(pass.tapeBytes(largest) + pass.layerBytes(largest, true)),
                workers * pass.logitBytes(largest, true),
                PROCESS);
    }

    /** Scoring without gradients, as validations do while the optimiser's state is in memory. */
    static MemoryEstimate ofScoring(
            LlamaConfig model, Precision precision, int adapterRank, Layout largest, int workers) {
        PassMemory pass = new PassMemory(model, precision, adapterRank);
        return new MemoryEstimate(
                weightBytes(model, precision, adapterRank),
                workers * withSlack(pass.layerBytes(largest, false)),
                workers * pass.logitBytes(largest, false),
                PROCESS);
    }

    /** What lies between tensors of changing size in the allocator: measured, SmolLM2 on MovieLens 1M. */
    private static long withSlack(long bytes) {
        return bytes + bytes / 4;
    }

    private static long weightBytes(LlamaConfig model, Precision precision, int adapterRank) {
        return adapterRank == 0
                ? model.parameters() * Precision.FLOAT32.bytes() * COPIES_OF_TRAINED
                : model.parameters() * precision.bytes()
                        + adapterParameters(model, adapterRank) * Precision.FLOAT32.bytes() * COPIES_OF_TRAINED;
    }

    /** r · (in + out) of the seven projections of every layer. */
    private static long adapterParameters(LlamaConfig model, int rank) {
        long query = (long) model.heads() * model.headWidth();
        long key = (long) model.keyValueHeads() * model.headWidth();
        long attention = 2 * (model.width() + query) + 2 * (model.width() + key);
        return (long) model.layers() * rank * (attention + 3L * (model.width() + model.innerWidth()));
    }

    public long total() {
        return weights + activations + logits + process;
    }

    /** For people: {@code about 1.9 GiB of memory of 23.0 GiB}. */
    public String summary(long available) {
        String about = "about " + gibibytes(total()) + " of memory";
        return available > 0 ? about + " of " + gibibytes(available) : about;
    }

    /** For people, for instance {@code 1.9 GiB}. */
    static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
