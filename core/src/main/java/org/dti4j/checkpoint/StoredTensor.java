package org.dti4j.checkpoint;

import java.util.List;

/**
 * Where a plainly stored tensor lies.
 *
 * @param name as the file has it
 * @param shape outermost dimension first
 * @param offset of its first byte, counted from the start of the file
 * @param bytes as many as type and shape ask for
 */
record StoredTensor(String name, StoredType type, List<Long> shape, long offset, long bytes) {
    StoredTensor {
        shape = List.copyOf(shape);
    }

    long elements() {
        return bytes * 8 / type.bits();
    }

    /** One past its last byte. */
    long end() {
        return offset + bytes;
    }

    long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
