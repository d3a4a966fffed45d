package org.dti4j.method;

import org.dti4j.problem.Problems;

/**
 * What the cost of a decoder depends on.
 *
 * @param layers L
 * @param width D, of the residual stream
 * @param innerWidth F, of the feed-forward block
 * @param heads H, query heads
 * @param keyValueHeads KV
 * @param headWidth E, per head
 * @param vocabulary V, rows of the output head
 * @param adapterRank of LoRA on all seven projections, the weights themselves frozen; 0 if all weights are trained
 */
public record ModelShape(
        int layers,
        int width,
        int innerWidth,
        int heads,
        int keyValueHeads,
        int headWidth,
        int vocabulary,
        int adapterRank) {
    /** Llama-3.1-8B, all weights trained. */
    public static final ModelShape LLAMA_3_1_8B = new ModelShape(32, 4096, 14336, 32, 8, 128, 128_256, 0);

    public ModelShape {
        Problems.in("shape")
                .require(layers >= 1, "layers", layers, ">= 1")
                .require(width >= 1, "width", width, ">= 1")
                .require(innerWidth >= 1, "innerWidth", innerWidth, ">= 1")
                .require(heads >= 1, "heads", heads, ">= 1")
                .require(
                        keyValueHeads >= 1 && heads % Math.max(keyValueHeads, 1) == 0,
                        "keyValueHeads",
                        keyValueHeads,
                        "a divisor of heads = " + heads)
                .require(headWidth >= 1, "headWidth", headWidth, ">= 1")
                .require(vocabulary >= 1, "vocabulary", vocabulary, ">= 1")
                .require(adapterRank >= 0, "adapterRank", adapterRank, ">= 0")
                .throwIfAny();
    }

    /** Weights of the seven projections of one layer. */
    double layerWeights() {
        return (double) width * headWidth * (2.0 * heads + 2.0 * keyValueHeads) + 3.0 * width * innerWidth;
    }

    /** Weights of the adapters of one layer: r · (in + out) for each of the seven projections. */
    double adapterWeights() {
        double query = 2.0 * (width + (double) heads * headWidth);
        double keyValue = 2.0 * (width + (double) keyValueHeads * headWidth);
        return adapterRank * (query + keyValue + 3.0 * ((double) width + innerWidth));
    }

    /** Weights of the projections to keys and values of one layer. */
    double keyValueWeights() {
        return 2.0 * width * keyValueHeads * headWidth;
    }
}
