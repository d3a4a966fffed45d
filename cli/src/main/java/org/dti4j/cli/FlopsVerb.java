package org.dti4j.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.dti4j.cli.config.RunConfigs;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.method.Flops;
import org.dti4j.method.Method;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Eq. 3 and the exact count of what a target costs. */
@Command(
        name = "flops",
        description = "What training costs per target, by Eq. 3 of the paper and by an exact count, per paradigm.",
        footer = {
            "  dti flops configs/quickstart.yaml",
            "  dti flops --context 20 --targets 50 --tokens-per-interaction 20",
            "  dti flops --context 20 --targets 50 --tokens-per-interaction 20 --layers 30 --width 576 \\",
            "      --inner-width 1536 --heads 9 --key-value-heads 3 --vocabulary 49152 --adapter-rank 8"
        })
final class FlopsVerb extends Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "CONFIG",
            description = "Configuration of a run: everything is taken from it and measured on its data.")
    private @Nullable Path file;

    @Option(names = "--context", paramLabel = "N", description = "Context interactions of a target.")
    private @Nullable Integer context;

    @Option(names = "--targets", paramLabel = "K", description = "Targets of one stream.")
    private @Nullable Integer targets;

    @Option(names = "--tokens-per-interaction", paramLabel = "C", description = "Tokens of one interaction.")
    private @Nullable Integer tokensPerInteraction;

    @Option(names = "--prefix-tokens", paramLabel = "P", description = "Tokens of BOS and instruction (default: 0).")
    private @Nullable Integer prefixTokens;

    @Option(
            names = "--set",
            paramLabel = "section.key=value",
            description = "Override the configuration; can be given many times.")
    private List<String> overrides = List.of();

    @ArgGroup(validate = false, heading = "%nShape of the model (default: Llama-3.1-8B):%n")
    private ShapeOptions shape = new ShapeOptions();

    FlopsVerb(Console console) {
        super(console);
    }

    @Override
    Result run() {
        FlopsSubject subject = subject();
        double reduction = Flops.reduction(subject.context(), subject.targets());
        double slidingWindow = subject.exactPerTarget(Method.NAMES.get(0));
        Map<String, Cost> methods = new LinkedHashMap<>();
        for (String name : Method.NAMES) {
            double exact = subject.exactPerTarget(name);
            methods.put(
                    name,
                    new Cost(
                            subject.prompt(name).rows(),
                            subject.equation3PerTarget(name),
                            FlopsSubject.streams(name) ? reduction : 1,
                            exact,
                            slidingWindow / exact));
        }
        return Result.done(new Costs(subject, reduction, methods), subject + "\n\n" + text(methods));
    }

    private FlopsSubject subject() {
        if (file != null) {
            if (shape.areGiven()
                    || Stream.of(context, targets, tokensPerInteraction, prefixTokens)
                            .anyMatch(Objects::nonNull)) {
                throw new UserException(
                        "dti flops: takes a CONFIG or the numbers and the shape, not both (--set overrides a configuration)");
            }
            return FlopsSubject.of(
                    RunConfigs.read(file, overrides, Home.folder()), console().progress());
        }
        if (context == null || targets == null || tokensPerInteraction == null) {
            throw new UserException(
                    "dti flops: needs a CONFIG, or --context, --targets and --tokens-per-interaction (see dti flops --help)");
        }
        if (!overrides.isEmpty()) {
            throw new UserException("dti flops: --set %s overrides a configuration, must come with a CONFIG"
                    .formatted(overrides.get(0)));
        }
        return new FlopsSubject(
                context, targets, tokensPerInteraction, prefixTokens == null ? 0 : prefixTokens, shape.shape());
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

    private record Costs(@JsonUnwrapped FlopsSubject subject, double reduction, Map<String, Cost> methods) {}

    /** Of one target, but for the tokens; reductions are against the sliding window. */
    private record Cost(
            int tokensPerPrompt, double equation3, double equation3Reduction, double exact, double exactReduction) {}

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
    }
}
