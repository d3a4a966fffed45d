package org.dti4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.method.Flops;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.ModelShape;
import org.dti4j.method.Targets;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.ModelConfig.PrecisionChoice;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.SegmentTokenizer;
import org.dti4j.prompt.Stream;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.tensor.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What a run would train on and cost, without running it.
 *
 * @param trained targets that are trained at most, repetitions counted: epochs, cut by {@code train.maxTargets}
 * @param targets of one epoch
 * @param prompts of one epoch
 * @param tokens of one epoch
 * @param tokensPerInteraction c, feedback included
 * @param equation3 floating-point operations of all trained targets by Eq. 3
 * @param exact the same, counted
 * @param memory bytes of the largest batch
 * @param assumed what is not known and was taken to be so, in words
 */
public record Forecast(
        long trained,
        long targets,
        long prompts,
        long tokens,
        double tokensPerInteraction,
        double equation3,
        double exact,
        long memory,
        List<String> assumed) {
    /** Characters of one token, where there is no tokenizer to ask. */
    private static final double CHARACTERS_PER_TOKEN = 4;

    public Forecast {
        assumed = List.copyOf(assumed);
    }

    /**
     * Counts for a configuration.
     *
     * @param data null where the log files are not there
     * @param assumptions {@code users}, {@code interactions} and {@code tokens} (of an interaction), each over what would be taken
     * @throws org.dti4j.problem.UserException when the checkpoint is neither there nor of a known shape
     */
    public static Forecast of(
            RunConfig config, @Nullable PreparedData data, Map<String, Long> assumptions, Progress progress) {
        return new Counting(config, data, assumptions, progress).run();
    }

    /** The shape that costs are counted for. */
    public static ModelShape shape(RunConfig config, LlamaConfig model) {
        return model.shape(rank(config));
    }

    private static int rank(RunConfig config) {
        boolean adapter = config.adapter().kind() == AdapterConfig.Kind.LORA
                && !config.model().name().equals(BaseModel.NANO);
        return adapter ? config.adapter().rank() : 0;
    }

    /** Targets, prompts and tokens of an epoch; c, and the tokens of the prefix. */
    private record Work(long targets, long prompts, double tokens, double perInteraction, int prefix) {}

    private static final class Counting {
        private final RunConfig config;
        private final @Nullable PreparedData data;
        private final Map<String, Long> assumptions;
        private final Progress progress;
        private final List<String> assumed = new ArrayList<>();

        Counting(RunConfig config, @Nullable PreparedData data, Map<String, Long> assumptions, Progress progress) {
            this.config = config;
            this.data = data;
            this.assumptions = assumptions;
            this.progress = progress;
        }

        Forecast run() {
            boolean nano = config.model().name().equals(BaseModel.NANO);
            if (nano ? data != null : Files.exists(Path.of(config.model().name()))) {
                try (BaseModel base = ModelLoader.base(config, items())) {
                    return count(base.weights().config(), new SegmentTokenizer(config.prompt(), base.tokenizer()));
                }
            }
            if (nano) {
                assumed.add("model: nano with its largest vocabulary, since that is made of the data");
                return count(BaseModel.nanoShape(BaseModel.NANO_WORDS, config.model()), null);
            }
            assumed.add("model: %s is not there; its shape is that of its published configuration"
                    .formatted(config.model().name()));
            return count(KnownModel.shapeOf(config.model().name()), null);
        }

        private List<org.dti4j.data.Item> items() {
            return data == null ? List.of() : data.items();
        }

        private Forecast count(LlamaConfig model, @Nullable SegmentTokenizer segments) {
            Work work = data == null
                    ? assumedWork(segments)
                    : segments == null ? workWithoutTokenizer(data) : measuredWork(data, segments);
            // rounded instead of overflowing where the numbers are absurd
            long trained = Math.round((double) work.targets * config.train().epochs());
            if (config.train().maxTargets() > 0) {
                trained = Math.min(trained, config.train().maxTargets());
            }
            Method method = config.method();
            int tokens = whole(Math.round(work.perInteraction));
            int perPrompt = method.targets().equals(Targets.ALL)
                    ? whole(work.targets / Math.max(1, work.prompts))
                    : method.targets().count();
            ModelShape shape = shape(config, model);
            Layout typical = Flops.typical(method.withTargets(new Targets(perPrompt)), tokens, work.prefix);
            // the cost of a token, so that tails shorter than k, which share their context among fewer targets, are not
            // forgotten
            double exactPerToken = Flops.exact(typical, shape) / typical.rows();
            double share = work.targets == 0 ? 0 : (double) trained / work.targets;
            return new Forecast(
                    trained,
                    work.targets,
                    work.prompts,
                    Math.round(work.tokens),
                    work.perInteraction,
                    trained
                            * Flops.equation3(
                                    method.context(), method.targets().count() == 1 ? 0 : perPrompt, tokens, shape),
                    exactPerToken * work.tokens * share,
                    memory(model, typical),
                    assumed);
        }

        /** At least 1, and at most what an int holds: prompts that are too long are refused where they are laid out. */
        private static int whole(long number) {
            return (int) Math.max(1, Math.min(Integer.MAX_VALUE, number));
        }

        /** What the fullest micro-batches need that are trained at a time, in proportion to their tokens. */
        private long memory(LlamaConfig model, Layout typical) {
            boolean allWeights = rank(config) == 0;
            PrecisionChoice choice = config.model().precision();
            Precision precision =
                    allWeights || choice == PrecisionChoice.FLOAT32 ? Precision.FLOAT32 : Precision.BFLOAT16;
            if (!allWeights && choice == PrecisionChoice.AUTO) {
                assumed.add("precision: bfloat16; auto is measured when a run starts");
            }
            int workers = workers();
            MemoryEstimate oneEach = MemoryEstimate.ofTraining(model, precision, rank(config), typical, workers);
            double prompts = Math.min(
                    workers * Math.max(1, (double) config.train().tokensPerMicroBatch() / typical.rows()),
                    Math.ceil((double) config.train().targetsPerStep() / typical.targets()));
            return oneEach.weights()
                    + oneEach.process()
                    + Math.round(prompts / workers * (oneEach.activations() + oneEach.logits()));
        }

        /** Micro-batches that are trained at a time. */
        private int workers() {
            int threads = config.model().threads();
            return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        }

        private StreamPlan streams(PreparedData of) {
            return StreamPlan.of(
                    TargetSet.of(of, Part.TRAIN, config.minContext()),
                    config.method().context(),
                    config.method().targets().count());
        }

        private Work measuredWork(PreparedData of, SegmentTokenizer segments) {
            StreamPlan streams = streams(of);
            PromptWriter prompts =
                    new PromptWriter(of, TokenizedCatalogue.of(of.items(), segments, progress), segments);
            int prefix = segments.prefix().length;
            long tokens = 0;
            long interactions = 0;
            for (Stream stream : streams) {
                tokens += prompts.tokens(stream);
                interactions += stream.end() - stream.first();
            }
            double ofItems = tokens - (double) prefix * streams.size() - streams.targets();
            return new Work(
                    streams.targets(), streams.size(), tokens, interactions == 0 ? 1 : ofItems / interactions, prefix);
        }

        private Work workWithoutTokenizer(PreparedData of) {
            double characters = of.items().stream()
                    .flatMap(item -> item.columns().values().stream())
                    .mapToInt(String::length)
                    .sum();
            double perInteraction = tokens(
                    Math.max(1, Math.ceil(characters / Math.max(1, of.items().size()) / CHARACTERS_PER_TOKEN)));
            StreamPlan streams = streams(of);
            long interactions = 0;
            for (Stream stream : streams) {
                interactions += stream.end() - stream.first();
            }
            return work(streams.targets(), streams.size(), interactions, perInteraction, null);
        }

        private Work assumedWork(@Nullable SegmentTokenizer segments) {
            double users = assumptions.getOrDefault("users", 10_000L);
            double interactions = assumptions.getOrDefault("interactions", 1_000_000L);
            assumed.add("data: %s is not there; %,.0f interactions of %,.0f users, equally many each"
                    .formatted(config.data().interactions(), interactions, users));
            double perUser = Math.floor(interactions * config.data().split().train() / users);
            double targets = Math.max(0, perUser - config.minContext());
            double streams = Math.ceil(targets / config.method().targets().count());
            double context = Math.min(config.method().context(), perUser);
            return work(
                    Math.round(targets * users),
                    Math.round(streams * users),
                    Math.round((streams * context + targets) * users),
                    tokens(20),
                    segments);
        }

        /** Tokens of an interaction, as the user or else the caller takes them. */
        private double tokens(double otherwise) {
            double tokens = assumptions.containsKey("tokens") ? assumptions.get("tokens") : otherwise;
            assumed.add("text: %.0f tokens of an interaction, one for every %.0f characters of the instruction"
                    .formatted(tokens, CHARACTERS_PER_TOKEN));
            return tokens;
        }

        private Work work(
                long targets,
                long prompts,
                long interactions,
                double perInteraction,
                @Nullable SegmentTokenizer segments) {
            int prefix = segments == null
                    ? 1 + (int) Math.ceil(config.prompt().instruction().length() / CHARACTERS_PER_TOKEN)
                    : segments.prefix().length;
            double tokens = interactions * perInteraction + targets + (double) prefix * prompts;
            return new Work(targets, prompts, tokens, perInteraction, prefix);
        }
    }
}
