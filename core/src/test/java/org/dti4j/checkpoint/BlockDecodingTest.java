package org.dti4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The fixtures in {@code blocks/} were made in Python: for each type, blocks of random bytes ({@code numpy.random.default_rng(7)}; the
 * half-precision scales are finite, those of the last block subnormal), and what {@code gguf.quants.dequantize} of the package gguf 0.19
 * answers for them, in little-endian float32.
 */
class BlockDecodingTest {
    @ParameterizedTest
    @EnumSource(
            value = GgmlType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void floatsAreThoseOfThePythonPackageBitByBit(GgmlType type) throws IOException {
        byte[] blocks = resource(type + ".blocks");
        ByteBuffer expected = ByteBuffer.wrap(resource(type + ".floats")).order(ByteOrder.LITTLE_ENDIAN);
        int count = blocks.length / type.blockBytes();
        float[] weights = new float[count * type.blockElements() + 1];
        for (int block = 0; block < count; block++) {
            type.decode(blocks, block * type.blockBytes(), weights, 1 + block * type.blockElements());
        }
        assertThat(expected.remaining())
                .isEqualTo(4 * count * type.blockElements())
                .isPositive();
        for (int i = 1; i < weights.length; i++) {
            assertThat(Float.floatToRawIntBits(weights[i]))
                    .describedAs("%s, weight %d, is %s", type, i - 1, weights[i])
                    .isEqualTo(expected.getInt());
        }
    }

    @Test
    void everyHalfIsDecodedAsLibtorchDoes() {
        float[] halves = new float[1 << 16];
        short[] bits = new short[1 << 16];
        for (int i = 0; i < halves.length; i++) {
            bits[i] = (short) i;
            halves[i] = Float16.decode(i);
        }
        try (Scope scope = Scope.open()) {
            Tensor stored = scope.keep(Tensor.create(bits, 1 << 16));
            Tensor expected = stored.view(org.bytedeco.pytorch.global.torch.ScalarType.Half);
            assertSameBits(halves, Tensors.toFloats(expected));
        }
    }

    @Test
    void bfloat16IsRoundedAsLibtorchDoes() {
        float[] floats = new float[1 << 18];
        for (int i = 0; i < floats.length; i++) {
            // every exponent, with fractions around ties
            floats[i] = Float.intBitsToFloat(i << 14 | (i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : 0x3fff));
        }
        float[] rounded = new float[floats.length];
        for (int i = 0; i < floats.length; i++) {
            rounded[i] = Float.intBitsToFloat(BlockReader.toBfloat16(floats[i]) << 16);
        }
        try (Scope scope = Scope.open()) {
            Tensor expected = scope.keep(Placement.CPU_FLOAT32.floats(floats, floats.length))
                    .to(Precision.BFLOAT16.type());
            assertSameBits(rounded, Tensors.toFloats(expected));
        }
    }

    private static void assertSameBits(float[] actual, float[] expected) {
        int different = 0;
        for (int i = 0; i < actual.length; i++) {
            boolean same = Float.isNaN(actual[i])
                    ? Float.isNaN(expected[i])
                    : Float.floatToRawIntBits(actual[i]) == Float.floatToRawIntBits(expected[i]);
            different += same ? 0 : 1;
        }
        assertThat(different).isZero();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BlockDecodingTest.class.getResourceAsStream("blocks/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
