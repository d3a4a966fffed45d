package org.dti4j.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.problem.UserException;

/** The head of a GGUF file, versions 2 and 3: metadata and the places of the tensors, checked against the size of the file. */
record GgufHeader(GgufMetadata metadata, int alignment, Map<String, GgufTensor> tensors) {
    /** The first four bytes, as a little-endian number. */
    static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;

    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_ALIGNMENT = 1 << 20;
    private static final int MAX_DIMENSIONS = 4;
    private static final int MAX_NAME = 1024;
    private static final int TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;

    GgufHeader {
        tensors = Collections.unmodifiableMap(tensors);
    }

    static GgufHeader read(TensorFile file) {
        GgufInput input = new GgufInput(file);
        if (input.nextInt("the magic number") != MAGIC) {
            throw input.damaged("is no GGUF file");
        }
        int version = input.nextInt("the version");
        if (version != 2 && version != 3) {
            boolean bigEndian = Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3;
            throw input.damaged(
                    bigEndian
                            ? "is big-endian, must be little-endian"
                            : "has GGUF version %d, must be 2 or 3".formatted(version));
        }
        long tensorCount = input.nextCount("the number of tensors", TENSOR_BYTES);
        long keyCount = input.nextLong("the number of metadata keys");
        GgufMetadata metadata = GgufMetadata.read(file.path(), input, keyCount);
        int alignment = alignment(input, metadata);
        return new GgufHeader(metadata, alignment, new Places(file, input, alignment).read(tensorCount));
    }

    private static int alignment(GgufInput input, GgufMetadata metadata) {
        int alignment = metadata.integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
        if (alignment < 1 || alignment > MAX_ALIGNMENT || Integer.bitCount(alignment) != 1) {
            throw input.damaged("general.alignment = %d, must be a power of two".formatted(alignment));
        }
        return alignment;
    }

    /** Reads where the tensors are. */
    private static final class Places {
        private final TensorFile file;
        private final GgufInput input;
        private final int alignment;
        private final FileProblems problems;
        private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();

        Places(TensorFile file, GgufInput input, int alignment) {
            this.file = file;
            this.input = input;
            this.alignment = alignment;
            this.problems = new FileProblems(file.path());
        }

        Map<String, GgufTensor> read(long count) {
            input.claim(count, 256, 0, "the number of tensors");
            List<GgufTensor> relative = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                relative.add(readTensor(i));
            }
            long dataStart = (input.position() + alignment - 1) / alignment * alignment;
            relative.forEach(tensor -> place(tensor, dataStart));
            checkOverlap();
            problems.throwIfAny();
            return tensors;
        }

        /** A tensor whose offset still counts from the start of the data. */
        private GgufTensor readTensor(long number) {
            String name = input.nextString("the name of tensor " + number);
            if (name.length() > MAX_NAME) {
                throw input.damaged("tensor %d has a name of %d letters".formatted(number, name.length()));
            }
            int dimensions = input.nextInt("the dimensions of " + name);
            if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
                throw input.damaged(
                        "tensor %s has %d dimensions, must have 1 to %d".formatted(name, dimensions, MAX_DIMENSIONS));
            }
            List<Long> shape = new ArrayList<>();
            for (int i = 0; i < dimensions; i++) {
                shape.add(0, input.nextLong("the shape of " + name));
            }
            int typeNumber = input.nextInt("the type of " + name);
            GgmlType type = GgmlType.numbered(typeNumber)
                    .orElseThrow(() ->
                            input.damaged("tensor %s has the unknown type number %d".formatted(name, typeNumber)));
            return sized(name, type, shape, input.nextLong("the offset of " + name));
        }

        private GgufTensor sized(String name, GgmlType type, List<Long> shape, long offset) {
            long rowElements = shape.get(shape.size() - 1);
            if (shape.stream().anyMatch(dimension -> dimension < 1) || rowElements % type.blockElements() != 0) {
                throw impossible(name, type, shape);
            }
            try {
                long elements = shape.stream().reduce(1L, Math::multiplyExact);
                long bytes = Math.multiplyExact(elements / type.blockElements(), (long) type.blockBytes());
                return new GgufTensor(name, type, shape, elements, offset, bytes);
            } catch (ArithmeticException e) {
                throw impossible(name, type, shape);
            }
        }

        private UserException impossible(String name, GgmlType type, List<Long> shape) {
            return input.damaged("tensor %s has the impossible shape %s for type %s".formatted(name, shape, type));
        }

        private void place(GgufTensor tensor, long dataStart) {
            long room = file.size() - dataStart;
            long offset = tensor.offset();
            problems.require(
                    offset % alignment == 0,
                    "tensor %s starts at %d, must be a multiple of %d".formatted(tensor.name(), offset, alignment));
            if (offset < 0 || offset > room || tensor.bytes() > room - offset) {
                problems.add("tensor %s of %d bytes lies at byte %s of %d; the file is cut off or damaged"
                        .formatted(tensor.name(), tensor.bytes(), Long.toUnsignedString(offset), Math.max(0, room)));
                return;
            }
            GgufTensor placed = new GgufTensor(
                    tensor.name(),
                    tensor.type(),
                    tensor.shape(),
                    tensor.elements(),
                    dataStart + offset,
                    tensor.bytes());
            problems.require(
                    tensors.put(tensor.name(), placed) == null, "tensor %s is there twice".formatted(tensor.name()));
        }

        private void checkOverlap() {
            List<GgufTensor> inOrder = new ArrayList<>(tensors.values());
            inOrder.sort(Comparator.comparingLong(GgufTensor::offset));
            for (int i = 1; i < inOrder.size(); i++) {
                problems.require(
                        inOrder.get(i).offset() >= inOrder.get(i - 1).end(),
                        "tensor %s overlaps another".formatted(inOrder.get(i).name()));
            }
        }
    }
}
