package org.dti4j.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.dti4j.method.ModelShape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shape of the model on the command line. */
final class ShapeOptions {
    @Option(names = "--layers", paramLabel = "L", description = "Layers.")
    private @Nullable Integer layers;

    @Option(names = "--width", paramLabel = "D", description = "Width of the residual stream.")
    private @Nullable Integer width;

    @Option(names = "--inner-width", paramLabel = "F", description = "Width inside the feed-forward block.")
    private @Nullable Integer innerWidth;

    @Option(names = "--heads", paramLabel = "H", description = "Query heads.")
    private @Nullable Integer heads;

    @Option(names = "--key-value-heads", paramLabel = "KV", description = "Key and value heads.")
    private @Nullable Integer keyValueHeads;

    @Option(names = "--vocabulary", paramLabel = "V", description = "Rows of the output head.")
    private @Nullable Integer vocabulary;

    @Option(
            names = "--adapter-rank",
            paramLabel = "R",
            description = "Rank of LoRA on all seven projections; 0: all weights are trained.")
    private @Nullable Integer adapterRank;

    /** Whether any was given. */
    boolean areGiven() {
        return Stream.of(layers, width, innerWidth, heads, keyValueHeads, vocabulary, adapterRank)
                .anyMatch(Objects::nonNull);
    }

    /** Those of Llama-3.1-8B where not given. */
    ModelShape shape() {
        int all = or(width, 4096);
        int queries = or(heads, 32);
        return new ModelShape(
                or(layers, 32),
                all,
                or(innerWidth, 14_336),
                queries,
                or(keyValueHeads, 8),
                queries > 0 ? all / queries : 0,
                or(vocabulary, 128_256),
                or(adapterRank, 0));
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }
}
