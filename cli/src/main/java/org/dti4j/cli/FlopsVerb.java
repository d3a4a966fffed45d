package org.dti4j.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.method.Flops;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.ModelShape;
import org.dti4j.method.Targets;
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
        ModelShape model = shape.shape();
        double reduction = Flops.reduction(context, targets);
        double slidingWindow = exact(Method.NAMES.get(0), model);
        Map<String, Cost> methods = new LinkedHashMap<>();
        for (String name : Method.NAMES) {
            boolean streaming = streams(name);
            double exact = exact(name, model);
            methods.put(
                    name,
                    new Cost(
                            layout(name).rows(),
                            Flops.equation3(context, streaming ? targets : 0, tokensPerInteraction, model),
                            streaming ? reduction : 1,
                            exact,
                            slidingWindow / exact));
        }
        return Result.done(
                new Costs(context, targets, tokensPerInteraction, prefixTokens, reduction, methods), text(methods));
    }

    private static boolean streams(String name) {
        return !name.equals("sliding-window");
    }

    private Layout layout(String name) {
        Method method = Method.named(name).withContext(context);
        return Flops.typical(
                streams(name) ? method.withTargets(new Targets(targets)) : method, tokensPerInteraction, prefixTokens);
    }

    private double exact(String name, ModelShape model) {
        Layout layout = layout(name);
        return Flops.exact(layout, model) / layout.targets();
    }

    private static String text(Map<String, Cost> methods) {
        Table table =
                Table.of("method", "tokens per prompt", "Eq. 3, GFLOP", "times less", "exact, GFLOP", "times less");
        methods.forEach((name, cost) -> table.row(
                name,
                String.format(Locale.ROOT, "%,d", cost.tokensPerPrompt()),
                number(cost.equation3() / 1e9),
                number(cost.equation3Reduction()),
                number(cost.exact() / 1e9),
                number(cost.exactReduction())));
        return "Forward and backward pass, per target:\n\n" + table;
    }

    private record Costs(
            int context,
            int targets,
            int tokensPerInteraction,
            int prefixTokens,
            double reduction,
            Map<String, Cost> methods) {}

    /** Of one target, but for the tokens; reductions are against the sliding window. */
    private record Cost(
            int tokensPerPrompt, double equation3, double equation3Reduction, double exact, double exactReduction) {}

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
    }
}
