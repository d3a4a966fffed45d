package org.dti4j.checkpoint;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.tensor.Precision;
import org.jspecify.annotations.Nullable;

/** Element types of safetensors, by the names that its headers use. Only those with a {@link #scalarType()} can be weights. */
enum StoredType {
    F32(32, ScalarType.Float),
    F16(16, ScalarType.Half),
    BF16(16, ScalarType.BFloat16),
    F64(64, null),
    F8_E4M3(8, null),
    F8_E5M2(8, null),
    F8_E8M0(8, null),
    F6_E2M3(6, null),
    F6_E3M2(6, null),
    F4(4, null),
    I64(64, null),
    I32(32, null),
    I16(16, null),
    I8(8, null),
    U64(64, null),
    U32(32, null),
    U16(16, null),
    U8(8, null),
    BOOL(8, null);

    /** What a message says of the types that weights may have. */
    static final String READABLE = "F32, F16 or BF16";

    private final int bits;
    private final @Nullable ScalarType scalarType;

    StoredType(int bits, @Nullable ScalarType scalarType) {
        this.bits = bits;
        this.scalarType = scalarType;
    }

    static Optional<StoredType> named(String name) {
        for (StoredType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    static StoredType of(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> F32;
            case BFLOAT16 -> BF16;
        };
    }

    /** The element type in libtorch, or null for a type that weights may not have here. */
    @Nullable
    ScalarType scalarType() {
        return scalarType;
    }

    int bits() {
        return bits;
    }

    /**
     * Bytes that a tensor of this shape takes.
     *
     * @throws ArithmeticException if they do not fit a long, or do not end on a whole byte
     */
    long bytes(Iterable<Long> shape) {
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        long total = Math.multiplyExact(elements, (long) bits);
        if (total % 8 != 0) {
            throw new ArithmeticException("ends inside a byte");
        }
        return total / 8;
    }
}
