package org.dti4j.tensor;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors live and in what precision they compute.
 *
 * @param precision of weights and activations
 * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
 */
public record Placement(Precision precision, String device) {
    public static final Placement CPU_FLOAT32 = new Placement(Precision.FLOAT32, "cpu");

    /** Whether the processor computes, in its own memory. */
    public boolean onProcessor() {
        return device.equals("cpu");
    }

    /** A tensor of this placement's precision. */
    public Tensor reals(float[] values, long... shape) {
        return place(torch.tensor(values).view(shape).to(precision.type()));
    }

    /** A tensor of this placement's precision. */
    public Tensor reals(double[] values, long... shape) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return reals(floats, shape);
    }

    /** A float32 tensor, whatever the precision. */
    public Tensor floats(float[] values, long... shape) {
        return place(torch.tensor(values).view(shape));
    }

    /** A tensor of integers, for indices. */
    public Tensor integers(int[] values, long... shape) {
        return place(torch.tensor(values).view(shape).to(torch.ScalarType.Long));
    }

    /** Moves a tensor to this placement's device, keeping its type. */
    public Tensor place(Tensor tensor) {
        return onProcessor() ? tensor : tensor.to(new Device(device), tensor.scalar_type());
    }

    /** Casts to this placement's precision. */
    public Tensor cast(Tensor tensor) {
        return tensor.to(precision.type());
    }
}
