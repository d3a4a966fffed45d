package org.dti4j.engine;

import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.lora.Lora;
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
 * A layer's parts around its attention, forward and backward over the rows of one stream: written out as the engine has them, beside the same
 * equations under autograd. On one core.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PartsBenchmark {
    private static final int ROWS = 1_474;
    private static final String LAYER = "model.layers.0.";

    @Param({"BFLOAT16", "FLOAT32"})
    public Precision precision = Precision.BFLOAT16;

    private Lora lora;
    private Llama model;
    private LayerParts parts;
    private GradientSums sums;
    private Workspace workspace;
    private Tensor x; // [N, D]
    private Tensor dy; // [N, D]

    @Setup
    public void setUp() {
        Threads.use(1);
        Placement placement = new Placement(precision, "cpu");
        lora = Lora.fresh(AdapterConfig.defaults(), 1, placement);
        model = Llama.load(new RandomWeights(Shapes.model(1), 1), placement, lora);
        parts = LayerParts.of(model.config(), 0, new Parts(model, lora));
        sums = GradientSums.zeros(lora.parameters());
        workspace = new Workspace();
        try (Scope scope = Scope.open()) {
            x = scope.own(placement.cast(torch.randn(ROWS, model.config().width())));
            dy = scope.own(placement.cast(torch.randn(ROWS, model.config().width())));
        }
    }

    @TearDown
    public void tearDown() {
        x.close();
        dy.close();
        workspace.close();
        sums.close();
        model.close();
        lora.close();
    }

    @Benchmark
    public long normByEngine() {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor r = parts.norm().inverse(x);
            parts.norm().forward(x, r);
            return parts.norm().backward(dy, x, r, sums).numel();
        }
    }

    @Benchmark
    public long normByAutograd() {
        try (Scope scope = Scope.open()) {
            Tensor input = x.detach();
            input.set_requires_grad(true);
            parts.norm().forward(input).mul(dy).sum().backward();
            return input.grad().numel();
        }
    }

    @Benchmark
    public long adaptedProjectionByEngine() {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard();
                Tape tape = Tape.training(sums, Dropout.NONE, workspace)) {
            parts.query().forward(x, tape);
            return parts.query().backward(dy, x, tape).numel();
        }
    }

    @Benchmark
    public long adaptedProjectionByAutograd() {
        try (Scope scope = Scope.open()) {
            Tensor input = x.detach();
            input.set_requires_grad(true);
            adapted(input, "self_attn.q_proj").mul(dy).sum().backward();
            return input.grad().numel();
        }
    }

    @Benchmark
    public long feedForwardByEngine() {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard();
                Tape tape = Tape.training(sums, Dropout.NONE, workspace)) {
            parts.feedForward().forward(x, tape);
            return parts.feedForward().backward(dy, tape).numel();
        }
    }

    @Benchmark
    public long feedForwardByAutograd() {
        try (Scope scope = Scope.open()) {
            Tensor input = x.detach();
            input.set_requires_grad(true);
            Tensor h = parts.feedForward().norm().forward(input);
            Tensor gated = torch.silu(adapted(h, "mlp.gate_proj")).mul(adapted(h, "mlp.up_proj"));
            adapted(gated, "mlp.down_proj").add(input).mul(dy).sum().backward();
            return input.grad().numel();
        }
    }

    /** The definition's linear map. */
    private Tensor adapted(Tensor input, String name) {
        Tensor weight = model.weights().get(LAYER + name + ".weight");
        return lora.create(LAYER + name, weight, null).apply(input);
    }
}
