package org.dti4j.cli;

import org.dti4j.method.ModelShape;
import picocli.CommandLine.Option;

/** Shape of the model on the command line. */
final class ShapeOptions {
    @Option(names = "--layers", paramLabel = "L", defaultValue = "32", description = "Layers.")
    private int layers = 32;

    @Option(names = "--width", paramLabel = "D", defaultValue = "4096", description = "Width of the residual stream.")
    private int width = 4096;

    @Option(
            names = "--inner-width",
            paramLabel = "F",
            defaultValue = "14336",
            description = "Width inside the feed-forward block.")
    private int innerWidth = 14336;

    @Option(names = "--heads", paramLabel = "H", defaultValue = "32", description = "Query heads.")
    private int heads = 32;

    @Option(names = "--key-value-heads", paramLabel = "KV", defaultValue = "8", description = "Key and value heads.")
    private int keyValueHeads = 8;

    @Option(names = "--vocabulary", paramLabel = "V", defaultValue = "128256", description = "Rows of the output head.")
    private int vocabulary = 128_256;

    @Option(
            names = "--adapter-rank",
            paramLabel = "R",
            defaultValue = "0",
            description = "Rank of LoRA on all seven projections; 0: all weights are trained.")
    private int adapterRank;

    ModelShape shape() {
        int headWidth = heads > 0 ? width / heads : 0;
        return new ModelShape(layers, width, innerWidth, heads, keyValueHeads, headWidth, vocabulary, adapterRank);
    }
}
