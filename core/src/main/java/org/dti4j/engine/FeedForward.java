package org.dti4j.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * x + down(silu(gate h) · up h) with h = norm(x), and its backward pass. N rows of width D, F inside.
 *
 * @param gateUp to 2 F: gate, then up
 */
record FeedForward(RmsNorm norm, Projection gateUp, Projection down) {
    /** @param x [N, D] */
    Tensor forward(Tensor x, Tape tape) {
        Tensor inner = gateUp.forward(norm.forward(x), tape);
        tape.save(x);
        Tensor y = down.forward(gated(inner), tape).add_(x);
        tape.save(inner);
        return y;
    }

    private static Tensor gated(Tensor inner) {
        return torch.silu(gate(inner)).mul_(up(inner));
    }

    private static Tensor gate(Tensor inner) {
        return inner.narrow(1, 0, inner.size(1) / 2);
    }

    private static Tensor up(Tensor inner) {
        return inner.narrow(1, inner.size(1) / 2, inner.size(1) / 2);
    }

    /** @param dy [N, D] */
    Tensor backward(Tensor dy, Tape tape) {
        Tensor inner = tape.take();
        Tensor open = torch.silu(gate(inner));
        Tensor dGated = down.backward(dy, open.mul(up(inner)), tape);
        Tensor dInner = torch.empty_like(inner);
        torch.mul_out(up(dInner), dGated, open);
        torch.silu_backward_out(gate(dInner), dGated.mul_(up(inner)), gate(inner));
        Tensor x = tape.take();
        Tensor r = norm.inverse(x);
        Tensor dh = gateUp.backward(dInner, norm.forward(x, r), tape);
        return norm.backward(dh, x, r, tape.sums()).add_(dy);
    }
}
