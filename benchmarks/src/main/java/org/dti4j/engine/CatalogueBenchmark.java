package org.dti4j.engine;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.model.RandomWeights;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Threads;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** {@code dti-isolated} at SmolLM2-135M's shape: users whose items were computed before, and users whose items were not. On one core. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class CatalogueBenchmark {
    private static final int[] WORDS = {4, 5};
    private static final long BYTES = 1L << 28;

    @Param({"false", "true"})
    public boolean shared;

    @Param({"1", "100"})
    public int candidates = 1;

    private Lora lora;
    private Llama model;
    private SharedStates states;
    private Branches branches;
    private UserStream empty;
    private UserStream known;
    private int[][] history;
    private int[][] items;

    @Setup
    public void setUp() {
        Threads.use(1);
        Placement placement = new Placement(Precision.FLOAT32, "cpu");
        lora = Lora.fresh(AdapterConfig.defaults(), 1, placement);
        model = Llama.load(new RandomWeights(Shapes.model(30), 1), placement, lora);
        Prompt prompt = Shapes.prompt(candidates);
        Method method = Method.named("dti-isolated");
        states = SharedStates.inMemory(model.config(), placement, BYTES);
        branches = new Branches(model, lora, method, prompt.prefix(), Shapes.SUM, shared ? states : null);
        empty = branches.empty();
        history = IntStream.range(0, Shapes.CONTEXT).mapToObj(prompt::item).toArray(int[][]::new);
        known = branches.append(empty, history);
        items = IntStream.range(0, candidates)
                .mapToObj(i -> prompt.item(Shapes.CONTEXT + i))
                .toArray(int[][]::new);
    }

    @TearDown
    public void tearDown() {
        known.close();
        empty.close();
        branches.close();
        states.close();
        model.close();
        lora.close();
    }

    @Benchmark
    public int ofAKnownUser() {
        return branches.logits(known, items, WORDS).length;
    }

    @Benchmark
    public int ofANewUser() {
        try (UserStream user = branches.append(empty, history)) {
            return branches.logits(user, items, WORDS).length;
        }
    }
}
