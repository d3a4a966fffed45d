package org.dti4j.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.method.Flops;
import org.dti4j.method.Flops.Paradigm;
import org.dti4j.method.ModelShape;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Eq. 3 and the exact count of what a target costs. */
@Command(
        name = "flops",
        description = "What training costs per target, by Eq. 3 of the paper and by an exact count, per paradigm.",
        footer = {
            "  dti flops --context 20 --targets 50 --tokens-per-interaction 20",
            "  dti flops --context 20 --targets 50 --tokens-per-interaction 20 --layers 30 --width 576 \\",
            "      --inner-width 1536 --heads 9 --key-value-heads 3 --vocabulary 49152 --adapter-rank 8"
        })
final class FlopsVerb extends Verb {
    @Option(names = "--context", required = true, paramLabel = "N", description = "Context interactions of a target.")
    private int context;

    @Option(names = "--targets", required = true, paramLabel = "K", description = "Targets of one stream.")
    private int targets;

    @Option(
            names = "--tokens-per-interaction",
            required = true,
            paramLabel = "C",
            description = "Tokens of one interaction.")
    private int tokensPerInteraction;

    @Option(
            names = "--prefix-tokens",
            paramLabel = "P",
            defaultValue = "0",
            description = "Tokens of BOS and instruction (default: ${DEFAULT-VALUE}).")
    private int prefixTokens;

    @ArgGroup(validate = false, heading = "%nShape of the model (default: Llama-3.1-8B):%n")
    private ShapeOptions shape = new ShapeOptions();

    FlopsVerb(Console console) {
        super(console);
    }

    /** Shape of the model on the command line. */
    static final class ShapeOptions {
        @Option(names = "--layers", paramLabel = "L", defaultValue = "32", description = "Layers.")
        private int layers = 32;

        @Option(
                names = "--width",
                paramLabel = "D",
                defaultValue = "4096",
                description = "Width of the residual stream.")
        private int width = 4096;

        @Option(
                names = "--inner-width",
                paramLabel = "F",
                defaultValue = "14336",
                description = "Width inside the feed-forward block.")
        private int innerWidth = 14336;

        @Option(names = "--heads", paramLabel = "H", defaultValue = "32", description = "Query heads.")
        private int heads = 32;

        @Option(
                names = "--key-value-heads",
                paramLabel = "KV",
                defaultValue = "8",
                description = "Key and value heads.")
        private int keyValueHeads = 8;

        @Option(
                names = "--vocabulary",
                paramLabel = "V",
                defaultValue = "128256",
                description = "Rows of the output head.")
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

    @Override
    Result run() {
        Flops flops = new Flops(context, targets, tokensPerInteraction, prefixTokens);
        ModelShape model = shape.shape();
        Map<String, Object> paradigms = new LinkedHashMap<>();
        Table table =
                Table.of("paradigm", "tokens per prompt", "Eq. 3, GFLOP", "times less", "exact, GFLOP", "times less");
        for (Paradigm paradigm : Paradigm.values()) {
            Cost cost = Cost.of(flops, paradigm, model);
            paradigms.put(cost.name(), cost);
            table.row(
                    cost.name(),
                    "%,d".formatted(cost.tokensPerPrompt()),
                    number(cost.equation3() / 1e9),
                    number(cost.equation3Reduction()),
                    number(cost.exact() / 1e9),
                    number(cost.exactReduction()));
        }
        String text = "Forward and backward pass, per target:%n%n%s".formatted(table);
        return Result.done(new Costs(context, targets, tokensPerInteraction, flops.reduction(), paradigms), text);
    }

    private record Costs(
            int context, int targets, int tokensPerInteraction, double reduction, Map<String, Object> paradigms) {}

    /** Per target; reductions are against the sliding window. */
    private record Cost(
            String name,
            long tokensPerPrompt,
            double equation3,
            double equation3Reduction,
            double exact,
            double exactReduction) {
        static Cost of(Flops flops, Paradigm paradigm, ModelShape model) {
            return new Cost(
                    paradigm.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    flops.tokens(paradigm),
                    flops.equation3(paradigm, model),
                    paradigm == Paradigm.SLIDING_WINDOW ? 1 : flops.reduction(),
                    flops.exact(paradigm, model),
                    flops.exactReduction(paradigm, model));
        }
    }

    private static String number(double value) {
        return value < 100 ? String.format(Locale.ROOT, "%.2f", value) : String.format(Locale.ROOT, "%,.0f", value);
    }
}
