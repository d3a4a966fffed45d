package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.file.AtomicFile;
import org.dti4j.model.Weights;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;

/**
 * Writes a model that was trained from a GGUF file as one: the metadata of that file, tokenizer included, byte for byte, and all weights
 * anew, matrices in the wanted precision and vectors in float32, as llama.cpp's converter has it.
 */
public final class GgufWriter {
    private static final String FILE_TYPE = "general.file_type";
    private static final int VERSION = 3;
    private static final int ALL_F32 = 0;
    private static final int MOSTLY_BF16 = 32;

    private final GgufCheckpoint source;
    private final Weights weights;
    private final Precision precision;
    private final int alignment;
    /** By Hugging Face's names, in the order of the file. */
    private final Map<String, GgufTensor> places = new LinkedHashMap<>();

    private GgufWriter(GgufCheckpoint source, Weights weights, Precision precision) {
        this.source = source;
        this.weights = weights;
        this.precision = precision;
        this.alignment = source.header().alignment();
        long offset = 0;
        for (Map.Entry<String, String> name : names().entrySet()) {
            GgufTensor place = place(name.getKey(), name.getValue(), offset);
            places.put(name.getKey(), place);
            offset = aligned(place.end());
        }
    }

    /**
     * Writes a file.
     *
     * @param base what the weights were trained from
     * @param weights of the same architecture
     * @throws UserException if the base is no GGUF file, or the operating system refuses
     */
    public static void write(Path file, Checkpoint base, Weights weights, Precision precision) {
        if (!(base instanceof GgufCheckpoint source)) {
            throw new UserException(
                    "%s: must be a GGUF file to be exported as one: GGUF keeps a tokenizer in a form of its own, which is taken from that file; export a Hugging Face folder, which llama.cpp's convert_hf_to_gguf.py converts"
                            .formatted(base.path()));
        }
        AtomicFile.write(file, new GgufWriter(source, weights, precision)::write);
    }

    /** llama.cpp's names by Hugging Face's: the source's tensors, and the head of a model that has one of its own now. */
    private Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : source.header().tensors().keySet()) {
            names.put(GgufNames.toHuggingFace(name).orElse(name), name);
        }
        if (!weights.config().tiedHead()) {
            names.putIfAbsent(LlamaTensors.HEAD, GgufNames.HEAD);
        }
        return names;
    }

    private GgufTensor place(String name, String stored, long offset) {
        List<Long> shape = stored.equals(GgufNames.ROPE_FACTORS)
                ? Objects.requireNonNull(source.header().tensors().get(stored)).shape()
                : Objects.requireNonNull(LlamaTensors.shapes(weights.config()).get(name), name);
        GgmlType type = precisionOf(shape) == Precision.FLOAT32 ? GgmlType.F32 : GgmlType.BF16;
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        return new GgufTensor(stored, type, shape, elements, offset, elements * type.blockBytes());
    }

    private Precision precisionOf(List<Long> shape) {
        return shape.size() == 1 ? Precision.FLOAT32 : precision;
    }

    private long aligned(long position) {
        return (position + alignment - 1) / alignment * alignment;
    }

    private void write(FileChannel channel) throws IOException {
        GgufMetadata.Section section = source.header().metadata().section();
        SafetensorsWriter.writeWhole(
                channel,
                little(24)
                        .putInt(GgufHeader.MAGIC)
                        .putInt(VERSION)
                        .putLong(places.size())
                        .putLong(section.keys())
                        .flip());
        SafetensorsWriter.writeWhole(channel, metadata(section));
        for (GgufTensor place : places.values()) {
            SafetensorsWriter.writeWhole(channel, entry(place));
        }
        for (Map.Entry<String, GgufTensor> each : places.entrySet()) {
            pad(channel);
            List<Long> shape = each.getValue().shape();
            SafetensorsWriter.writeTensor(channel, each.getKey(), shape, precisionOf(shape), this::tensor);
        }
        pad(channel);
    }

    /** As they stand in the source, but for what says how the weights are stored. */
    private ByteBuffer metadata(GgufMetadata.Section section) {
        ByteBuffer bytes = little(Math.toIntExact(section.end() - section.start()));
        source.file().read(bytes, section.start());
        bytes.flip();
        Long place = section.places().get(FILE_TYPE);
        if (place != null) {
            bytes.putInt((int) (place - section.start()), precision == Precision.FLOAT32 ? ALL_F32 : MOSTLY_BF16);
        }
        return bytes;
    }

    private static ByteBuffer entry(GgufTensor place) {
        byte[] name = place.name().getBytes(StandardCharsets.UTF_8);
        int dimensions = place.shape().size();
        ByteBuffer entry = little(8 + name.length + 4 + 8 * dimensions + 4 + 8)
                .putLong(name.length)
                .put(name)
                .putInt(dimensions);
        for (int i = dimensions - 1; i >= 0; i--) {
            entry.putLong(place.shape().get(i));
        }
        return entry.putInt(place.type().id()).putLong(place.offset()).flip();
    }

    private Tensor tensor(String name) {
        if (name.equals(GgufNames.ROPE_FACTORS)) {
            return source.ropeFactors();
        }
        Tensor tensor = weights.read(name, Precision.FLOAT32);
        int heads = GgufOrder.heads(source.type(), weights.config(), name);
        return heads == 0 ? tensor : GgufOrder.toGguf(tensor, heads);
    }

    /** The data begin at a multiple of the alignment, and so does each tensor. */
    private void pad(FileChannel channel) throws IOException {
        long position = channel.position();
        SafetensorsWriter.writeWhole(channel, little((int) (aligned(position) - position)));
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
