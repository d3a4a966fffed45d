package org.dti4j.engine;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.model.RandomWeights;
import org.dti4j.prompt.Prompt;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
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

/** Candidates of one user through two layers: as branches of kept keys and values, and as a whole prompt. On one core. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CandidateBenchmark {
    private static final int[] WORDS = {4, 5};

    @Param({"1", "100"})
    public int candidates = 1;

    private Lora lora;
    private Llama model;
    private Branches branches;
    private UserStream user;
    private int[][] items;
    private Engine engine;
    private Layout prompt;

    @Setup
    public void setUp() {
        Threads.use(1);
        Placement placement = new Placement(Precision.BFLOAT16, "cpu");
        lora = Lora.fresh(AdapterConfig.defaults(), 1, placement);
        model = Llama.load(new RandomWeights(Shapes.model(2), 1), placement, lora);
        Prompt history = Shapes.prompt(candidates);
        branches = new Branches(model, lora, Method.named("dti"), history.prefix(), Shapes.SUM);
        try (UserStream empty = branches.empty()) {
            user = branches.append(
                    empty,
                    IntStream.range(0, Shapes.CONTEXT).mapToObj(history::item).toArray(int[][]::new));
        }
        items = IntStream.range(0, candidates)
                .mapToObj(i -> history.item(Shapes.CONTEXT + i))
                .toArray(int[][]::new);
        engine = new Engine(model, lora);
        prompt = Shapes.layout("dti", 1);
    }

    @TearDown
    public void tearDown() {
        user.close();
        branches.close();
        model.close();
        lora.close();
    }

    @Benchmark
    public int byBranches() {
        return branches.logits(user, items, WORDS).length;
    }

    /** One after the other, as many as there are candidates. */
    @Benchmark
    public long byPrompts() {
        long sum = 0;
        for (int i = 0; i < candidates; i++) {
            try (Scope scope = Scope.open();
                    Tape tape = Tape.scoring()) {
                sum += engine.pass(prompt, tape).logits().numel();
            }
        }
        return sum;
    }
}
