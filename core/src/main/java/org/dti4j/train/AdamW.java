package org.dti4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.tensor.Scope;

/**
 * Adam with decoupled weight decay and bias correction (Loshchilov and Hutter, arXiv 1711.05101), on float32 parameters, by
 * libtorch's fused kernel: one pass over memory and two native calls per step.
 *
 * <p>Weight decay applies to matrices only. It leaves out vectors (norms, biases, the [SUM] row, whatever dimensions of size 1 they
 * have) and embeddings, since the rows of tokens that a step does not contain would shrink without ever being corrected.
 */
public final class AdamW implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double EPSILON = 1e-8;

    /** What is decayed, by name and tensor: matrices, but no embeddings. */
    private static final BiPredicate<String, Tensor> DECAYS = (name, tensor) -> {
        int dimensions = 0;
        for (long i = 0; i < tensor.dim(); i++) {
            dimensions += tensor.size(i) > 1 ? 1 : 0;
        }
        return dimensions >= 2 && !name.contains("embed");
    };

    /**
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment
     */
    record Constants(double beta1, double beta2, double epsilon) {}

    /** Parameters with one weight decay, each list in the same order. */
    private record Group(double decay, IValue parameters, IValue first, IValue second, IValue steps) {
        void close() {
            List.of(parameters, first, second, steps).forEach(IValue::close);
        }
    }

    private final Constants constants;
    private final SortedMap<String, Tensor> first = new TreeMap<>();
    private final SortedMap<String, Tensor> second = new TreeMap<>();
    private final List<Group> groups = new ArrayList<>();
    private final Tensor stepTensor; // (), float32, on the parameters' device, as the kernel wants it
    private long steps;

    /**
     * @param parameters by name; at least one; their gradients must be defined at each step
     * @param weightDecay share of a decayed parameter, times the learning rate, that each step takes away
     * @param beta2 decay of the second moment, in [0, 1)
     */
    public AdamW(SortedMap<String, Tensor> parameters, double weightDecay, double beta2) {
        constants = new Constants(BETA1, beta2, EPSILON);
        requireFloats(parameters);
        try (Scope scope = Scope.open()) {
            parameters.forEach((name, parameter) -> {
                first.put(name, scope.own(torch.zeros_like(parameter)));
                second.put(name, scope.own(torch.zeros_like(parameter)));
            });
            Tensor any = parameters.values().iterator().next();
            stepTensor = scope.own(torch.zeros(new long[0], new TensorOptions(any.device())));
            addGroup(scope, parameters, weightDecay, DECAYS);
            addGroup(scope, parameters, 0, DECAYS.negate());
        }
    }

    private static void requireFloats(Map<String, Tensor> parameters) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("there is no parameter to train");
        }
        parameters.forEach((name, parameter) -> {
            if (parameter.scalar_type().intern() != ScalarType.Float) {
                throw new IllegalArgumentException("%s is not float32".formatted(name));
            }
        });
    }

    private void addGroup(
            Scope scope, Map<String, Tensor> parameters, double decay, BiPredicate<String, Tensor> members) {
        List<List<Tensor>> columns =
                List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        parameters.forEach((name, parameter) -> {
            if (members.test(name, parameter)) {
                columns.get(0).add(parameter);
                columns.get(1).add(first.get(name));
                columns.get(2).add(second.get(name));
                columns.get(3).add(stepTensor);
            }
        });
        if (!columns.get(0).isEmpty()) {
            List<IValue> lists = columns.stream()
                    .map(column -> scope.own(TensorLists.of(column)))
                    .toList();
            groups.add(new Group(decay, lists.get(0), lists.get(1), lists.get(2), lists.get(3)));
        }
    }

    /** Moves every parameter against its gradient, in place. */
    public void step(double learningRate) {
        steps++;
        try (Scope scope = Scope.open()) {
            stepTensor.fill_(new Scalar((double) steps));
            for (Group group : groups) {
                TensorLists.adamW(
                        group.parameters, group.first, group.second, group.steps, learningRate, group.decay, constants);
            }
        }
    }

    /** How many steps were made. */
    public long steps() {
        return steps;
    }

    /** Running mean of each parameter's gradient; the live tensors, owned by the optimiser. */
    public SortedMap<String, Tensor> firstMoments() {
        return first;
    }

    /** Running mean of each parameter's squared gradient; the live tensors, owned by the optimiser. */
    public SortedMap<String, Tensor> secondMoments() {
        return second;
    }

    /** Says how many steps stand behind the moments, after a caller has restored them in place. */
    public void restoreSteps(long steps) {
        this.steps = steps;
    }

    @Override
    public void close() {
        groups.forEach(Group::close);
        first.values().forEach(Tensor::close);
        second.values().forEach(Tensor::close);
        stepTensor.close();
    }
}
