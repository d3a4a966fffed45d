package org.dti4j.checkpoint;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Element types of GGUF files by ggml's numbers. A block of {@link #blockElements()} elements takes {@link #blockBytes()}
 * bytes; types that are not {@link #isReadable()} are known for their sizes only.
 */
enum GgmlType {
    F32(0, StoredType.F32),
    F16(1, StoredType.F16),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, StoredType.BF16),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18);

    private final int id;
    private final int blockElements;
    private final int blockBytes;
    private final @Nullable StoredType plain;

    GgmlType(int id, StoredType plain) {
        this(id, 1, plain.bits() / 8, plain);
    }

    GgmlType(int id, int blockElements, int blockBytes) {
        this(id, blockElements, blockBytes, null);
    }

    GgmlType(int id, int blockElements, int blockBytes, @Nullable StoredType plain) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.plain = plain;
    }

    static Optional<GgmlType> numbered(int id) {
        return Stream.of(values()).filter(type -> type.id == id).findFirst();
    }

    /** What a message says of the types that weights may have. */
    static String readable() {
        return Stream.of(values()).filter(GgmlType::isReadable).map(Enum::name).collect(Collectors.joining(", "));
    }

    /** ggml's number of it. */
    int id() {
        return id;
    }

    int blockElements() {
        return blockElements;
    }

    int blockBytes() {
        return blockBytes;
    }

    /** The type of the elements where they are stored one by one as weights can be, else null. */
    @Nullable
    StoredType plain() {
        return plain;
    }

    /** Whether weights of this type can be read: plain ones, and those that {@link #decode} knows. */
    boolean isReadable() {
        return switch (this) {
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K -> true;
            case Q2_K,
                    Q3_K,
                    IQ2_XXS,
                    IQ2_XS,
                    IQ3_XXS,
                    IQ1_S,
                    IQ4_NL,
                    IQ3_S,
                    IQ2_S,
                    IQ4_XS,
                    IQ1_M,
                    I8,
                    I16,
                    I32,
                    I64,
                    F64,
                    TQ1_0,
                    TQ2_0,
                    MXFP4,
                    NVFP4,
                    Q1_0 -> false;
        };
    }

    /** Writes the weights of the quantised block that starts at {@code block[at]} from {@code weights[to]} on. */
    void decode(byte[] block, int at, float[] weights, int to) {
        switch (this) {
            case Q4_0 -> SimpleBlocks.q4_0(block, at, weights, to);
            case Q4_1 -> SimpleBlocks.q4_1(block, at, weights, to);
            case Q5_0 -> SimpleBlocks.q5_0(block, at, weights, to);
            case Q5_1 -> SimpleBlocks.q5_1(block, at, weights, to);
            case Q8_0 -> SimpleBlocks.q8_0(block, at, weights, to);
            case Q4_K -> SuperBlocks.q4K(block, at, weights, to);
            case Q5_K -> SuperBlocks.q5K(block, at, weights, to);
            case Q6_K -> SuperBlocks.q6K(block, at, weights, to);
            default -> throw new IllegalStateException(this + " has no blocks that can be decoded");
        }
    }
}
