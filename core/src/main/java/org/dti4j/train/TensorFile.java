package org.dti4j.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Scope;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** float32 tensors and one text in a single file in the safetensors format, written whole or not at all. */
final class TensorFile {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String METADATA = "__metadata__";
    private static final String TEXT = "training";
    private static final long CHUNK = 1L << 26; // a Java buffer cannot hold a large tensor
    private static final long LARGEST_HEADER = 100_000_000; // the format's own limit

    private static final String BROKEN = "%s: is not a whole training state; start the run anew, without --resume";

    private final Path path;
    private final JsonNode header;
    private final long dataStart;

    private TensorFile(Path path, JsonNode header, long dataStart) {
        this.path = path;
        this.header = header;
        this.dataStart = dataStart;
    }

    /** Replaces the file at {@code path} in one move, once everything is on disk. */
    static void write(Path path, SortedMap<String, Tensor> tensors, String text) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel file = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] json = headerOf(tensors, text);
            ByteBuffer start = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            writeAll(file, start.putLong(json.length).put(json).flip());
            for (Tensor tensor : tensors.values()) {
                writeTensor(file, tensor);
            }
            file.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] headerOf(SortedMap<String, Tensor> tensors, String text) {
        ObjectNode json = JSON.createObjectNode();
        json.putObject(METADATA).put(TEXT, text);
        long offset = 0;
        for (var entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            if (tensor.scalar_type() != ScalarType.Float) {
                throw new IllegalArgumentException(
                        "%s is %s, not float32".formatted(entry.getKey(), tensor.scalar_type()));
            }
            ObjectNode described = json.putObject(entry.getKey()).put("dtype", "F32");
            described.putPOJO("shape", tensor.shape());
            described.putPOJO("data_offsets", new long[] {offset, offset + bytes(tensor)});
            offset += bytes(tensor);
        }
        byte[] bytes = JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }

    private static long bytes(Tensor tensor) {
        return 4 * tensor.numel();
    }

    private static void writeTensor(FileChannel file, Tensor tensor) throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().contiguous();
            BytePointer data = new BytePointer(plain.data_ptr());
            long size = bytes(plain);
            for (long at = 0; at < size; at += CHUNK) {
                writeAll(
                        file,
                        data.position(at).limit(Math.min(size, at + CHUNK)).asByteBuffer());
            }
        }
    }

    private static void writeAll(FileChannel file, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
    }

    /** Reads what the file holds, not yet its tensors. */
    static TensorFile open(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            readAll(path, file, length, 0);
            long size = length.getLong(0);
            if (size < 2 || size > LARGEST_HEADER) {
                throw broken(path);
            }
            ByteBuffer json = ByteBuffer.allocate((int) size);
            readAll(path, file, json, 8);
            return new TensorFile(path, JSON.readTree(json.array()), 8 + size);
        } catch (JacksonException e) {
            throw new UserException(BROKEN.formatted(path), e);
        }
    }

    private static void readAll(Path path, FileChannel file, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int count = file.read(buffer, at);
            if (count < 0) {
                throw broken(path);
            }
            at += count;
        }
    }

    private static UserException broken(Path path) {
        return new UserException(BROKEN.formatted(path));
    }

    String text() {
        String text = header.path(METADATA).path(TEXT).asString("");
        if (text.isEmpty()) {
            throw broken(path);
        }
        return text;
    }

    /** Fills tensors in place from those of the same names in the file, whose shapes must be the same. */
    void readInto(SortedMap<String, Tensor> tensors) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            for (var entry : tensors.entrySet()) {
                readTensor(file, entry.getKey(), entry.getValue());
            }
        }
    }

    private void readTensor(FileChannel file, String name, Tensor target) throws IOException {
        JsonNode described = header.path(name);
        String found =
                described.isMissingNode() ? "nothing" : described.path("shape").toString();
        String wanted = Arrays.toString(target.shape()).replace(" ", "");
        if (!found.equals(wanted)) {
            throw new UserException("%s: %s has shape %s, the model's has %s: the state is of another model or adapter"
                    .formatted(path, name, found, wanted));
        }
        try (Scope scope = Scope.open()) {
            Tensor plain = torch.empty(target.shape());
            BytePointer data = new BytePointer(plain.data_ptr());
            long start = dataStart + described.path("data_offsets").path(0).asLong();
            long size = bytes(plain);
            for (long at = 0; at < size; at += CHUNK) {
                ByteBuffer chunk =
                        data.position(at).limit(Math.min(size, at + CHUNK)).asByteBuffer();
                readAll(path, file, chunk, start + at);
            }
            TensorLists.copy(TensorLists.of(List.of(plain)), TensorLists.of(List.of(target)));
        }
    }
}
