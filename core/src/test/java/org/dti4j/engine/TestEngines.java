package org.dti4j.engine;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.method.Layout;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/** What tests ask of an engine. */
public final class TestEngines {
    private TestEngines() {}

    /** The engine of a model without adapters. */
    public static Engine of(Llama model) {
        return new Engine(model, null);
    }

    /** Logits [S · V] of a layout. */
    public static float[] logits(Engine engine, Layout layout) {
        try (Scope scope = Scope.open();
                Tape tape = Tape.scoring()) {
            return Tensors.toFloats(engine.pass(layout, tape).logits());
        }
    }

    /** Logits of some words alone, [S · words]. */
    public static float[] logits(Engine engine, Layout layout, int[] words) {
        try (Scope scope = Scope.open();
                Tape tape = Tape.scoring()) {
            return Tensors.toFloats(engine.pass(layout, tape).logits(words));
        }
    }

    /** Logits of each target. */
    public static List<float[]> logitsByTarget(Engine engine, Layout layout) {
        return rows(logits(engine, layout), engine.config().vocabulary());
    }

    /** The states of each row after the last layer. */
    public static List<float[]> states(Engine engine, Layout layout) {
        try (Scope scope = Scope.open();
                Tape tape = Tape.scoring()) {
            return rows(
                    Tensors.toFloats(engine.pass(layout, tape).hidden()),
                    engine.config().width());
        }
    }

    private static List<float[]> rows(float[] values, int width) {
        return IntStream.range(0, values.length / width)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toList();
    }

    /** Gradients of half the sum of squared logits, by parameter. */
    public static SortedMap<String, float[]> gradients(
            Engine engine, SortedMap<String, Tensor> parameters, Layout layout) {
        SortedMap<String, float[]> gradients = new TreeMap<>();
        try (Scope scope = Scope.open();
                GradientSums sums = GradientSums.zeros(parameters);
                Workspace workspace = new Workspace();
                Tape tape = Tape.training(sums, Dropout.NONE, workspace)) {
            Pass pass = engine.pass(layout, tape);
            pass.backward(pass.logits());
            for (String name : sums.names()) {
                Tensor sum = sums.of(name);
                gradients.put(name, sum == null ? new float[0] : Tensors.toFloats(sum));
            }
        }
        return gradients;
    }
}
