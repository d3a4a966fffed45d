package org.dti4j.engine;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** Sums of the gradients of what is trained, by name, in float32. Belongs to one thread at a time. */
public final class GradientSums implements AutoCloseable {
    private final SortedMap<String, Tensor> sums = new TreeMap<>();

    private GradientSums() {}

    /** Zeros of the parameters' shapes. */
    public static GradientSums zeros(SortedMap<String, Tensor> parameters) {
        GradientSums zeros = new GradientSums();
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            parameters.forEach((name, parameter) -> zeros.sums.put(name, scope.own(torch.zeros_like(parameter))));
        }
        return zeros;
    }

    /** Which parameters there are. */
    Set<String> names() {
        return sums.keySet();
    }

    boolean trains(String name) {
        return sums.containsKey(name);
    }

    /** The sum of a parameter's gradients, null if it is not trained. */
    public @Nullable Tensor of(String name) {
        return sums.get(name);
    }

    /** Adds a gradient, if the parameter is trained. */
    void add(String name, Tensor gradient) {
        Tensor sum = sums.get(name);
        if (sum != null) {
            sum.add_(gradient);
        }
    }

    /** Adds a · b, if the parameter is trained. */
    void addProduct(String name, Tensor a, Tensor b) {
        Tensor sum = sums.get(name);
        if (sum == null) {
            return;
        }
        if (a.scalar_type().intern() == ScalarType.Float) {
            sum.addmm_(a, b);
        } else {
            sum.add_(a.mm(b));
        }
    }

    /** Adds all sums to {@code gradients} and sets them to zero. */
    public void moveTo(Map<String, Tensor> gradients) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            gradients.forEach((name, gradient) -> {
                Tensor sum = sums.get(name);
                if (sum != null) {
                    gradient.add_(sum);
                    sum.zero_();
                }
            });
        }
    }

    @Override
    public void close() {
        sums.values().forEach(Tensor::close);
    }
}
