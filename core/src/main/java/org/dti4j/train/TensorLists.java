package org.dti4j.train;

import java.util.Collection;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.TorchScript;

/**
 * libtorch's operations on whole lists of tensors ({@code _foreach_*}, {@code _fused_adamw_}). JavaCPP does not map them, so they
 * are reached through TorchScript; one native call each, however many parameters there are, and no Java object per tensor.
 *
 * <p>Every list that is written to is an argument of its function: TorchScript drops writes to lists that it thinks nobody
 * reads afterwards, such as one that the function itself gathered.
 */
final class TensorLists {
    private static final String SOURCE = """
            def empty() -> List[Tensor]:
                return []

            def gradients(parameters: List[Tensor]) -> List[Tensor]:
                found: List[Tensor] = []
                for parameter in parameters:
                    found.append(parameter.grad)
                return found

            def norm(tensors: List[Tensor]) -> Tensor:
                return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors)))

            def scale(tensors: List[Tensor], factor: float):
                torch._foreach_mul_(tensors, factor)

            def zero(tensors: List[Tensor]):
                torch._foreach_zero_(tensors)

            def copy(to: List[Tensor], source: List[Tensor]):
                torch._foreach_copy_(to, source)

            def adamw(parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor],
                      steps: List[Tensor], rate: float, decay: float, beta1: float, beta2: float, epsilon: float):
                unused: List[Tensor] = []
                torch._fused_adamw_(parameters, gradients, first, second, unused, steps, lr=rate, beta1=beta1,
                                    beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
            """;

    private static final TorchScript SCRIPT = TorchScript.compile(SOURCE);
    private static final Function EMPTY = SCRIPT.function("empty");
    private static final Function GRADIENTS = SCRIPT.function("gradients");
    private static final Function NORM = SCRIPT.function("norm");
    private static final Function SCALE = SCRIPT.function("scale");
    private static final Function ZERO = SCRIPT.function("zero");
    private static final Function COPY = SCRIPT.function("copy");
    private static final Function ADAMW = SCRIPT.function("adamw");

    private TensorLists() {}

    /** A native list of the same tensors, not copies; freed with the enclosing scope unless it is owned. */
    static IValue of(Collection<Tensor> tensors) {
        // copied because TorchScript may hand out one constant for every empty list
        GenericList list = call(EMPTY).toList().copy();
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor));
        }
        return new IValue(list);
    }

    /** The parameters' gradients as they are now, in the same order; all must be defined. */
    static IValue gradients(IValue parameters) {
        return call(GRADIENTS, parameters);
    }

    /** The Euclidean norm of all elements of all tensors together. */
    static double norm(IValue tensors) {
        return call(NORM, tensors).toTensor().item_double();
    }

    static void scale(IValue tensors, double factor) {
        call(SCALE, tensors, new IValue(factor));
    }

    static void zero(IValue tensors) {
        call(ZERO, tensors);
    }

    /** Copies the elements of each tensor of {@code from} into the one at the same place of {@code to}. */
    static void copy(IValue from, IValue to) {
        call(COPY, to, from);
    }

    /** One step of AdamW on every parameter; the arguments are those of {@code torch._fused_adamw_}. */
    static void adamW(
            IValue parameters,
            IValue first,
            IValue second,
            IValue steps,
            double rate,
            double decay,
            AdamW.Constants c) {
        call(
                ADAMW,
                parameters,
                gradients(parameters),
                first,
                second,
                steps,
                new IValue(rate),
                new IValue(decay),
                new IValue(c.beta1()),
                new IValue(c.beta2()),
                new IValue(c.epsilon()));
    }

    private static IValue call(Function function, IValue... arguments) {
        try (NoGradGuard guard = new NoGradGuard()) {
            return function.apply(new IValueVector(arguments));
        }
    }
}
