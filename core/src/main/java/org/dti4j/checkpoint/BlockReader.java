package org.dti4j.checkpoint;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;

/** Reads a quantised tensor piece by piece into its wanted precision, so that little memory is taken beside the result. */
final class BlockReader {
    /** Elements per piece: a multiple of every block, small enough that what a piece needs stays in the cache. */
    private static final int PIECE = 1 << 14;

    private final TensorFile file;
    private final GgufTensor stored;
    private final int pieceElements;

    BlockReader(TensorFile file, GgufTensor stored) {
        this(file, stored, PIECE);
    }

    /** With pieces of a given number of elements. */
    BlockReader(TensorFile file, GgufTensor stored, int pieceElements) {
        this.file = file;
        this.pieceElements = pieceElements;
        this.stored = stored;
    }

    /** The whole tensor; the caller owns it. */
    Tensor read(Precision precision) {
        long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
        try (Scope scope = Scope.open()) {
            Tensor target = torch.empty(shape, new TensorOptions(precision.type()), null);
            fill(target, precision);
            return scope.keep(target);
        }
    }

    private void fill(Tensor target, Precision precision) {
        int blockElements = stored.type().blockElements();
        int blockBytes = stored.type().blockBytes();
        int piece = (int) Math.min(pieceElements, stored.elements());
        byte[] blocks = new byte[piece / blockElements * blockBytes];
        float[] weights = new float[piece];
        short[] rounded = new short[precision == Precision.BFLOAT16 ? piece : 0];
        for (long done = 0; done < stored.elements(); done += piece) {
            int count = (int) Math.min(piece, stored.elements() - done);
            int bytes = count / blockElements * blockBytes;
            file.read(ByteBuffer.wrap(blocks, 0, bytes), stored.offset() + done / blockElements * blockBytes);
            for (int block = 0; block < count / blockElements; block++) {
                stored.type().decode(blocks, block * blockBytes, weights, block * blockElements);
            }
            write(target, precision, done, weights, rounded, count);
        }
    }

    private static void write(
            Tensor target, Precision precision, long offset, float[] weights, short[] rounded, int count) {
        switch (precision) {
            case FLOAT32 -> new FloatPointer(target.data_ptr()).position(offset).put(weights, 0, count);
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    rounded[i] = toBfloat16(weights[i]);
                }
                new ShortPointer(target.data_ptr()).position(offset).put(rounded, 0, count);
            }
        }
    }

    /** The nearest bfloat16, ties to even, as libtorch rounds. */
    static short toBfloat16(float value) {
        if (Float.isNaN(value)) {
            return 0x7fc0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
