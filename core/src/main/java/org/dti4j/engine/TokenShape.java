package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.model.LlamaConfig;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Tensors;

/**
 * The keys and values of a token in all layers, one after the other: [L, 2, KV, E].
 *
 * @param heads KV
 * @param headWidth E
 */
record TokenShape(int layers, int heads, int headWidth, Precision precision) {
    static TokenShape of(LlamaConfig config, Placement placement) {
        return new TokenShape(config.layers(), config.keyValueHeads(), config.headWidth(), placement.precision());
    }

    /** Numbers of one token. */
    long numbers() {
        return 2L * layers * heads * headWidth;
    }

    long bytes() {
        return numbers() * precision.bytes();
    }

    /**
     * One layer of some tokens, without a copy.
     *
     * @param tokens [N, L · 2 · KV · E]
     */
    KeyValue layer(Tensor tokens, int layer) {
        Tensor both = tokens.view(tokens.size(0), layers, 2, heads, headWidth).select(1, layer);
        return new KeyValue(both.select(1, 0), both.select(1, 1));
    }

    /** The opposite: [N, 2 · KV · E], which all layers side by side are tokens of. */
    Tensor beside(KeyValue layer) {
        return Tensors.join(1, layer.k().flatten(1, 2), layer.v().flatten(1, 2));
    }
}
