package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.lora.Lora;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Linear maps that read the same rows, side by side: y_i = W_i x + b_i + s_i B_i A_i x (Hu et al., LoRA, equation 3), [N, in] to [N, Σ out_i].
 * The adapters' products are made for all maps at once: A is stacked, R = Σ r_i rows, and s B stands in blocks, [Σ out_i, R].
 */
final class Projection implements AutoCloseable {
    private final List<Part> parts;
    private final int outputs;
    private final int rank;
    private final @Nullable LowRank frozen;

    /**
     * All adapters, as the products read them.
     *
     * @param down all A, [R, in]
     * @param up all s B in blocks, [Σ out, R]
     */
    private record LowRank(Tensor down, Tensor up) {}

    /**
     * One of the maps.
     *
     * @param path for instance {@code model.layers.0.self_attn.q_proj}
     * @param weight [out, in]
     * @param bias [out]
     */
    record Part(String path, Tensor weight, @Nullable Tensor bias, Lora.@Nullable Adapter adapter) {
        int outputs() {
            return Math.toIntExact(weight.size(0));
        }

        int rank() {
            return adapter == null ? 0 : Math.toIntExact(adapter.a().size(0));
        }
    }

    Projection(List<Part> parts) {
        this(parts, null);
    }

    private Projection(List<Part> parts, @Nullable LowRank frozen) {
        this.parts = List.copyOf(parts);
        this.frozen = frozen;
        outputs = parts.stream().mapToInt(Part::outputs).sum();
        rank = parts.stream().mapToInt(Part::rank).sum();
    }

    /** The same map while the adapters do not change: what is made of them is made once. The caller closes it. */
    Projection frozen() {
        if (rank == 0) {
            return this;
        }
        try (Scope scope = Scope.open()) {
            Tensor like = parts.get(0).weight();
            return new Projection(parts, new LowRank(scope.own(down(like)), scope.own(up(like))));
        }
    }

    @Override
    public void close() {
        if (frozen != null) {
            frozen.down().close();
            frozen.up().close();
        }
    }

    /** Saves the adapters' R numbers per row, and what dropout drew; the result lies in memory of the tape. */
    Tensor forward(Tensor x, Tape tape) {
        Tensor y = tape.empty(x, x.size(0), outputs);
        int column = 0;
        for (Part part : parts) {
            Tensor out = y.narrow(1, column, part.outputs());
            if (part.bias() == null) {
                torch.mm_out(out, x, part.weight().t());
            } else {
                torch.linear_out(out, x, part.weight(), new TensorOptional(part.bias()));
            }
            column += part.outputs();
        }
        if (rank > 0) {
            Tensor low = dropped(x, tape).mm(down(x).t()); // [N, R]
            y.addmm_(low, up(x).t());
            tape.save(low);
        }
        return y;
    }

    private static Tensor dropped(Tensor x, Tape tape) {
        if (!tape.dropout().drops()) {
            return x;
        }
        Tensor mask = tape.dropout().mask(x);
        tape.save(mask);
        return x.mul(mask);
    }

    /**
     * Adds the gradients of what is trained.
     *
     * @param dy [N, Σ out]
     * @param x what {@link #forward} read
     * @return the gradient of x
     */
    Tensor backward(Tensor dy, Tensor x, Tape tape) {
        Tensor low = rank > 0 ? tape.take() : null;
        Tensor mask = low != null && tape.dropout().drops() ? tape.take() : null;
        Tensor dx = null;
        int column = 0;
        for (Part part : parts) {
            Tensor dyOfPart = dy.narrow(1, column, part.outputs());
            dx = dx == null ? dyOfPart.mm(part.weight()) : dx.addmm_(dyOfPart, part.weight());
            GradientSums sums = tape.sums();
            sums.addProduct(part.path() + ".weight", dyOfPart.t(), x);
            if (part.bias() != null && sums.trains(part.path() + ".bias")) {
                sums.add(part.path() + ".bias", dyOfPart.sum(0));
            }
            column += part.outputs();
        }
        if (dx == null) {
            throw new IllegalStateException("a projection has at least one part");
        }
        return low == null ? dx : adapterBackward(dy, x, low, mask, dx, tape.sums());
    }

    private Tensor adapterBackward(
            Tensor dy, Tensor x, Tensor low, @Nullable Tensor mask, Tensor dx, GradientSums sums) {
        Tensor dLow = dy.mm(up(x)); // [N, R]
        Tensor dA = dLow.t().mm(mask == null ? x : x.mul(mask)); // [R, in]
        int column = 0;
        int row = 0;
        for (Part part : parts) {
            Lora.Adapter adapter = part.adapter();
            if (adapter != null) {
                Tensor dB = dy.narrow(1, column, part.outputs()).t().mm(low.narrow(1, row, part.rank()));
                sums.add(part.path() + Lora.B, dB.mul(new Scalar(adapter.scale())));
                sums.add(part.path() + Lora.A, dA.narrow(0, row, part.rank()));
            }
            column += part.outputs();
            row += part.rank();
        }
        return mask == null
                ? dx.addmm_(dLow, down(x))
                : dx.add_(dLow.mm(down(x)).mul_(mask));
    }

    /** All A, [R, in] in the type of x. */
    private Tensor down(Tensor x) {
        if (frozen != null) {
            return frozen.down();
        }
        List<Tensor> all = new ArrayList<>();
        for (Part part : parts) {
            if (part.adapter() != null) {
                all.add(part.adapter().a());
            }
        }
        return Tensors.join(0, all.toArray(Tensor[]::new)).to(x.scalar_type());
    }

    /** All s B in blocks, [Σ out, R] in the type of x. */
    private Tensor up(Tensor x) {
        if (frozen != null) {
            return frozen.up();
        }
        Tensor all = x.new_zeros(outputs, rank);
        int column = 0;
        int row = 0;
        for (Part part : parts) {
            Lora.Adapter adapter = part.adapter();
            if (adapter != null) {
                all.narrow(0, row, part.outputs())
                        .narrow(1, column, part.rank())
                        .copy_(adapter.b().mul(new Scalar(adapter.scale())));
                column += part.rank();
            }
            row += part.outputs();
        }
        return all;
    }
}
