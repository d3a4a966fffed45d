package org.dti4j.engine;

import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
import org.dti4j.method.Layout;
import org.dti4j.model.Llama;
import org.dti4j.model.RandomWeights;
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

/**
 * A whole pass over one stream through two layers, attention, [SUM]s and adapters included: the engine beside the dense definition under
 * autograd. On one core.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PassBenchmark {
    @Param({"dti", "dti-isolated", "sliding-window"})
    public String method = "dti";

    @Param({"BFLOAT16", "FLOAT32"})
    public Precision precision = Precision.BFLOAT16;

    private Lora lora;
    private Llama model;
    private Engine engine;
    private Layout layout;
    private GradientSums sums;
    private Workspace workspace;

    @Setup
    public void setUp() {
        Threads.use(1);
        Placement placement = new Placement(precision, "cpu");
        lora = Lora.fresh(AdapterConfig.defaults(), 1, placement);
        model = Llama.load(new RandomWeights(Shapes.model(2), 1), placement, lora);
        engine = new Engine(model, lora);
        layout = Shapes.layout(method, method.equals("sliding-window") ? 1 : 50);
        sums = GradientSums.zeros(lora.parameters());
        workspace = new Workspace();
    }

    @TearDown
    public void tearDown() {
        workspace.close();
        sums.close();
        model.close();
        lora.close();
    }

    @Benchmark
    public long scoreByEngine() {
        try (Scope scope = Scope.open();
                Tape tape = Tape.scoring()) {
            return engine.pass(layout, tape).logits().numel();
        }
    }

    @Benchmark
    public long scoreByDefinition() {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            return model.logits(layout).numel();
        }
    }

    @Benchmark
    public long trainByEngine() {
        try (Scope scope = Scope.open();
                Tape tape = Tape.training(sums, Dropout.NONE, workspace)) {
            Pass pass = engine.pass(layout, tape);
            Tensor logits = pass.logits();
            pass.backward(torch.ones_like(logits));
            return logits.numel();
        }
    }

    @Benchmark
    public long trainByDefinition() {
        try (Scope scope = Scope.open()) {
            Tensor logits = model.logits(layout);
            logits.sum().backward();
            return logits.numel();
        }
    }
}
