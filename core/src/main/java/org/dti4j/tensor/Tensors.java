package org.dti4j.tensor;

import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Reading tensors back into Java, and the few operations that the binding makes wordy. */
public final class Tensors {
    private Tensors() {}

    /** Joins tensors along a dimension. */
    public static Tensor join(long dimension, Tensor... parts) {
        if (parts.length == 1) {
            return parts[0];
        }
        return torch.cat(new TensorVector(parts), dimension);
    }

    /** All elements in row-major order, in float32. */
    public static float[] toFloats(Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().to(torch.ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(plain.numel())];
            if (values.length > 0) {
                new FloatPointer(plain.data_ptr_float()).get(values);
            }
            return values;
        }
    }

    /** Copies all elements of all tensors, one tensor after the other, into an array that they fill. */
    public static void read(List<Tensor> tensors, float[] values) {
        try (Scope scope = Scope.open()) {
            int start = 0;
            for (Tensor tensor : tensors) {
                Tensor plain = tensor.detach().cpu().to(torch.ScalarType.Float).contiguous();
                int length = Math.toIntExact(plain.numel());
                new FloatPointer(plain.data_ptr_float()).get(values, start, length);
                start += length;
            }
        }
    }

    /** The opposite of {@link #read}, into float32 tensors. */
    public static void write(float[] values, List<Tensor> tensors) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            int start = 0;
            for (Tensor tensor : tensors) {
                Tensor plain = torch.empty_like(tensor.detach().cpu().contiguous());
                int length = Math.toIntExact(plain.numel());
                new FloatPointer(plain.data_ptr_float()).put(values, start, length);
                tensor.copy_(plain);
                start += length;
            }
        }
    }

    /** The shape, outermost dimension first. */
    public static long[] shape(Tensor tensor) {
        return LongStream.range(0, tensor.dim()).map(tensor::size).toArray();
    }
}
