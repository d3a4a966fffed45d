package org.dti4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.file.AtomicFile;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes safetensors files tensor by tensor, so that no more than one need be in memory beside the model. */
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final long WINDOW = 1 << 24;

    private SafetensorsWriter() {}

    /** Writes the tensors of a map, each converted to the given precision. */
    public static void write(Path file, Map<String, Tensor> tensors, Precision precision) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, shape(tensor)));
        write(file, shapes, precision, name -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalStateException("the map of tensors lost " + name + " while it was written");
            }
            return tensor;
        });
    }

    /**
     * Writes a file; nothing is left if it cannot be finished.
     *
     * @param shapes of all tensors by name, in the order in which they are written
     * @param tensors gives each in turn, of any float type; one that it makes anew is freed when it is written
     * @throws UserException if the operating system refuses
     */
    public static void write(
            Path file, Map<String, List<Long>> shapes, Precision precision, Function<String, Tensor> tensors) {
        AtomicFile.write(file, channel -> {
            writeWhole(channel, header(shapes, StoredType.of(precision)));
            for (Map.Entry<String, List<Long>> entry : shapes.entrySet()) {
                writeTensor(channel, entry.getKey(), entry.getValue(), precision, tensors);
            }
        });
    }

    static List<Long> shape(Tensor tensor) {
        Long[] dimensions = new Long[(int) tensor.dim()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = tensor.size(i);
        }
        return List.of(dimensions);
    }

    private static ByteBuffer header(Map<String, List<Long>> shapes, StoredType type) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            generator.writeStartObject();
            // transformers refuses a file that does not say by which framework it was written
            generator.writeObjectPropertyStart("__metadata__");
            generator.writeStringProperty("format", "pt");
            generator.writeEndObject();
            long offset = 0;
            for (Map.Entry<String, List<Long>> entry : shapes.entrySet()) {
                long end = offset + type.bytes(entry.getValue());
                generator.writeObjectPropertyStart(entry.getKey());
                generator.writeStringProperty("dtype", type.name());
                writeNumbers(generator, "shape", entry.getValue());
                writeNumbers(generator, "data_offsets", List.of(offset, end));
                generator.writeEndObject();
                offset = end;
            }
            generator.writeEndObject();
        }
        // padded by blanks to eight bytes, so that every tensor can be used where it lies
        int length = (json.size() + 7) / 8 * 8;
        ByteBuffer header = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(length).put(json.toByteArray());
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeNumbers(JsonGenerator generator, String name, List<Long> numbers) {
        generator.writeArrayPropertyStart(name);
        numbers.forEach(generator::writeNumber);
        generator.writeEndArray();
    }

    /** Writes the elements of one tensor. */
    @SuppressWarnings("try") // the scope frees what is made inside it
    static void writeTensor(
            FileChannel channel, String name, List<Long> shape, Precision precision, Function<String, Tensor> tensors)
            throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor tensor = tensors.apply(name);
            if (!shape(tensor).equals(shape)) {
                throw new IllegalArgumentException(
                        "tensor %s has shape %s, was announced as %s".formatted(name, shape(tensor), shape));
            }
            Tensor plain = tensor.detach().cpu().to(precision.type()).contiguous();
            BytePointer bytes = new BytePointer(plain.data_ptr());
            long length = plain.numel() * precision.bytes();
            for (long done = 0; done < length; done += WINDOW) {
                long count = Math.min(WINDOW, length - done);
                BytePointer window = bytes.getPointer(BytePointer.class, done).capacity(count);
                writeWhole(channel, window.asByteBuffer());
            }
        }
    }

    static void writeWhole(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
