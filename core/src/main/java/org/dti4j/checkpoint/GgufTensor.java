package org.dti4j.checkpoint;

import java.util.List;

/**
 * Where a tensor lies in a GGUF file.
 *
 * @param name as the file has it
 * @param shape outermost dimension first, unlike in the file
 * @param offset of its first byte, counted from the start of the file
 */
record GgufTensor(String name, GgmlType type, List<Long> shape, long elements, long offset, long bytes) {
    GgufTensor {
        shape = List.copyOf(shape);
    }

    long end() {
        return offset + bytes;
    }

    /** The same place, for a type whose elements are stored one by one. */
    StoredTensor plain(StoredType plain) {
        return new StoredTensor(name, plain, shape, offset, bytes);
    }
}
