package org.dti4j.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.engine.Branches;
import org.dti4j.engine.Engine;
import org.dti4j.engine.Tape;
import org.dti4j.engine.UserStream;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.method.Flops;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.model.LlamaConfig;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.prompt.Stream;
import org.dti4j.score.BranchScorer;
import org.dti4j.score.Scorer;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Threads;
import org.dti4j.tensor.Workers;
import org.dti4j.train.LlamaLearner;
import org.dti4j.train.Step;

/**
 * How fast this machine trains and scores a model's shape with random weights: 20 interactions of context, 20 tokens each, LoRA of rank 8
 * on all projections. Beside each time stands what the machine could do at most: the operations that are needed, over its measured peak of
 * matrix products.
 */
public final class SpeedBenchmark implements AutoCloseable {
    private static final int ROUNDS = 3;
    private static final int TOKENS_PER_BATCH = 4_096; // the default of evaluate.tokensPerBatch
    private static final int LARGE = 8_192; // each side of a product that fills a GPU

    private final LlamaConfig shape;
    private final Placement placement;
    private final Workers workers;
    private final Lora lora;
    private final Llama llama;
    private final Engine engine;
    private final LongSupplier clock;

    /**
     * @param threads 0 for as many as there are processors
     * @param clock nanoseconds
     */
    public SpeedBenchmark(KnownModel model, Placement placement, int threads, LongSupplier clock) {
        Threads.use(threads);
        shape = model.shape();
        this.clock = clock;
        this.placement = placement;
        workers = Workers.start();
        lora = Lora.fresh(AdapterConfig.defaults(), 1, placement);
        llama = Llama.load(new DrawnWeights(shape, placement), placement, lora);
        engine = new Engine(llama, lora);
    }

    /**
     * One measurement.
     *
     * @param msPerTarget wall-clock time
     * @param gigaflopsPerTarget operations that are needed
     */
    public record Measure(String name, double msPerTarget, double gigaflopsPerTarget) {
        /** Milliseconds at a peak in GFLOP/s. */
        public double limit(double peak) {
            return gigaflopsPerTarget / peak * 1e3;
        }
    }

    /** GFLOP/s: of a feed-forward block's product on all cores at once, or of one large product on another device. */
    public double peak() {
        boolean onCores = placement.onProcessor();
        int count = onCores ? workers.count() : 1;
        long rows = onCores ? 1_474 : LARGE;
        long width = onCores ? shape.width() : LARGE;
        long outputs = onCores ? shape.innerWidth() : LARGE;
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Callable<Double>> tasks = Collections.nCopies(count, () -> seconds(rows, width, outputs));
            double slowest = workers.run(tasks).stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElseThrow();
            best = Math.max(best, 2.0 * rows * width * outputs * count / slowest / 1e9);
        }
        return best;
    }

    private double seconds(long rows, long width, long outputs) {
        int products = 60;
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor x = DrawnWeights.draw(placement, placement.precision(), rows, width);
            Tensor weight = DrawnWeights.draw(placement, placement.precision(), outputs, width);
            Tensor y = torch.linear(x, weight);
            long start = now();
            for (int i = 0; i < products; i++) {
                torch.linear_out(y, x, weight);
            }
            return (now() - start) / 1e9 / products;
        }
    }

    /** Nanoseconds, once the device has done all that it was given. */
    private long now() {
        if (!placement.onProcessor()) {
            try (Scope scope = Scope.open()) {
                placement
                        .floats(new float[] {0}, 1)
                        .add(new Scalar(1.0))
                        .item_double(); // an answer waits for all work before it
            }
        }
        return clock.getAsLong();
    }

    /**
     * Training, forward and backward, a micro-batch per worker at a time; the best of some steps.
     *
     * @param targets of one prompt
     * @param prompts of one micro-batch
     */
    public Measure train(String name, Method method, int targets, int prompts) {
        List<Prompt> all = IntStream.range(0, prompts * workers.count())
                .mapToObj(seed -> DrawnPrompts.prompt(targets, seed))
                .toList();
        List<List<Stream>> batches = new ArrayList<>();
        for (int i = 0; i < all.size(); i += prompts) {
            batches.add(IntStream.range(i, i + prompts)
                    .mapToObj(user -> new Stream(user, 0, DrawnPrompts.CONTEXT, DrawnPrompts.CONTEXT + targets))
                    .toList());
        }
        Step step = new Step(batches);
        double best = Double.POSITIVE_INFINITY;
        try (LlamaLearner learner = new LlamaLearner(
                engine,
                lora.parameters(),
                method,
                answers(),
                stream -> all.get(stream.user()),
                stream -> all.get(stream.user()).tokens(),
                0,
                workers)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = now();
                learner.accumulate(step, round);
                best = Math.min(best, (now() - start) / 1e6);
            }
        }
        Layout layout = Layout.of(all.subList(0, prompts), method, answers().sum());
        double flops = operations(layout) / layout.targets();
        return new Measure(name, best / step.targets(), flops / 1e9);
    }

    /** Scoring one target: alone, or many candidates of one user in one request. */
    public Measure score(String name, Method method, int candidates) {
        List<Prompt> prompts = IntStream.range(0, candidates)
                .mapToObj(seed -> DrawnPrompts.prompt(1, seed))
                .toList();
        Scorer scorer = new Scorer(engine, method, answers(), TOKENS_PER_BATCH, workers);
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            long start = now();
            scorer.score(prompts);
            best = Math.min(best, (now() - start) / 1e6);
        }
        Layout layout = Layout.of(prompts.subList(0, 1), method, answers().sum());
        double forward = operations(layout) / 2; // frozen weights: backward costs as much
        return new Measure(name, best / candidates, forward / 1e9);
    }

    /**
     * Scoring candidates of a user whose n interactions were read before: branches on the kept keys and values (section 6).
     *
     * @param candidates of one request
     */
    public Measure scoreCached(String name, Method method, int candidates) {
        Prompt history = DrawnPrompts.prompt(1, 0);
        List<int[]> items = IntStream.range(0, candidates)
                .mapToObj(seed -> DrawnPrompts.prompt(1, seed).item(DrawnPrompts.CONTEXT))
                .toList();
        double best = Double.POSITIVE_INFINITY;
        try (BranchScorer scorer = branchScorer(method, history);
                UserStream user = read(scorer, history)) {
            for (int round = 0; round < 2 * ROUNDS; round++) {
                long start = now();
                scorer.score(List.of(new BranchScorer.Request(user, items)));
                best = Math.min(best, (now() - start) / 1e6);
            }
        }
        double rows = DrawnPrompts.TOKENS_PER_INTERACTION + 1.0;
        Layout whole = Layout.of(List.of(history), method, answers().sum());
        double forward = operations(whole) / 2 * rows / whole.rows(); // its share of the prompt's rows
        return new Measure(name, best / candidates, forward / 1e9);
    }

    /** Scoring a target of a user whose n interactions are read first: what a request costs that finds nothing kept. */
    public Measure scoreUnseen(String name, Method method) {
        Prompt prompt = DrawnPrompts.prompt(1, 0);
        List<int[]> item = List.of(prompt.item(DrawnPrompts.CONTEXT));
        double best = Double.POSITIVE_INFINITY;
        try (BranchScorer scorer = branchScorer(method, prompt)) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = now();
                try (UserStream user = read(scorer, prompt)) {
                    scorer.score(List.of(new BranchScorer.Request(user, item)));
                }
                best = Math.min(best, (now() - start) / 1e6);
            }
        }
        Layout whole = Layout.of(List.of(prompt), method, answers().sum());
        return new Measure(name, best, operations(whole) / 2 / 1e9);
    }

    private BranchScorer branchScorer(Method method, Prompt prompt) {
        Branches branches =
                new Branches(llama, lora, method, prompt.prefix(), answers().sum());
        return new BranchScorer(branches, answers(), TOKENS_PER_BATCH, workers);
    }

    private static UserStream read(BranchScorer scorer, Prompt prompt) {
        List<int[]> interactions =
                IntStream.range(0, DrawnPrompts.CONTEXT).mapToObj(prompt::item).toList();
        return scorer.read(List.of(new BranchScorer.Reading(null, interactions)))
                .get(0);
    }

    /** Milliseconds per token of a forward pass over one stream of about so many tokens, on one core. */
    public double msPerToken(int tokens) {
        Prompt prompt = DrawnPrompts.prompt(
                (tokens - DrawnPrompts.PREFIX) / (DrawnPrompts.TOKENS_PER_INTERACTION + 1) - DrawnPrompts.CONTEXT, 1);
        Layout layout =
                Layout.of(List.of(prompt), Method.named("dti"), answers().sum());
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            Callable<Double> pass = () -> {
                try (Scope scope = Scope.open();
                        Tape tape = Tape.scoring()) {
                    long start = now();
                    engine.pass(layout, tape).logits();
                    return (now() - start) / 1e6;
                }
            };
            best = Math.min(best, Collections.min(workers.runApart(List.of(pass))));
        }
        return best / layout.rows();
    }

    /** Of a forward and a backward pass. */
    private double operations(Layout layout) {
        return Flops.exact(layout, shape.shape(AdapterConfig.defaults().rank()));
    }

    private static PromptVocabulary answers() {
        return new PromptVocabulary(3, 4, 5);
    }

    @Override
    public void close() {
        workers.close();
        llama.close();
        lora.close();
    }
}
