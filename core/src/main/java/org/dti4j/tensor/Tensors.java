package org.dti4j.tensor;

import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
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

    /** The shape, outermost dimension first. */
    public static long[] shape(Tensor tensor) {
        return LongStream.range(0, tensor.dim()).map(tensor::size).toArray();
    }
}
