package org.dti4j.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model fast: the same function as {@link Llama} and the same weights, which it does not own, by windowed attention and with a
 * backward pass of its own. It holds nothing that changes, so threads may share it.
 */
public final class Engine {
    private final Llama model;
    private final int block;
    private final List<Block> blocks;
    private final RmsNorm norm;
    private final TokenEmbedding tokens;

    /** @param lora the model's adapters, null without */
    public Engine(Llama model, @Nullable Lora lora) {
        this(model, lora, WindowedAttention.BLOCK);
    }

    /** With another number of queries per block of attention: a matter of speed only. */
    Engine(Llama model, @Nullable Lora lora, int block) {
        this.model = model;
        this.block = block;
        Parts parts = new Parts(model, lora);
        LlamaConfig config = model.config();
        blocks = IntStream.range(0, config.layers())
                .mapToObj(layer -> new Block(LayerParts.of(config, layer, parts)))
                .toList();
        norm = parts.norm("model.norm");
        tokens = TokenEmbedding.of(parts);
    }

    /** Starts a pass over one layout. */
    public Pass pass(Layout layout, Tape tape) {
        return new Pass(this, layout, tape, RowParts.WHOLE);
    }

    /**
     * Starts a scoring pass that all workers make together, for a prompt that would otherwise be one core's work. The calling thread is none of
     * them.
     *
     * @param tape one that records nothing
     */
    public Pass pass(Layout layout, Tape tape, Workers workers) {
        if (tape.records()) {
            throw new IllegalArgumentException("a pass in parts leaves nothing for a backward pass");
        }
        return new Pass(this, layout, tape, RowParts.over(workers, placement()));
    }

    public LlamaConfig config() {
        return model.config();
    }

    public Placement placement() {
        return model.placement();
    }

    int blockSize() {
        return block;
    }

    List<Block> blocks() {
        return blocks;
    }

    RmsNorm norm() {
        return norm;
    }

    TokenEmbedding tokens() {
        return tokens;
    }

    Llama.@Nullable TrainedRows trainedRows() {
        return model.trainedRows();
    }

    @Override
    public String toString() {
        return "Engine%s".formatted(Arrays.asList(model));
    }
}
