package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A file of tensors. A tensor that is stored in the wanted type is a view of the mapped file, which libtorch maps whole (so the 2 GiB
 * of Java's buffers are no limit), copy-on-write (so writing to a tensor by mistake changes neither file nor other readers), and unmaps
 * when the last view is gone. A tensor that must be converted is read, not mapped: what was mapped would stay resident beside
 * the converted copy.
 */
final class TensorFile implements AutoCloseable {
    /** Bytes that a conversion holds beside its result. */
    static final int CHUNK = 1 << 22;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private @Nullable Tensor mapped;

    private TensorFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    static TensorFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new TensorFile(path, channel, channel.size());
        } catch (IOException e) {
            throw FileFailure.unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** Fills the buffer from the given position of the file. */
    void read(ByteBuffer buffer, long position) {
        try {
            long at = position;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, at);
                if (count < 0) {
                    throw new UserException(
                            "%s: ends at byte %d, must not shrink while it is read".formatted(path, at));
                }
                at += count;
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(path, e);
        }
    }

    /** The tensor in the wanted precision; the caller owns it. */
    Tensor read(StoredTensor stored, Precision precision) {
        ScalarType type = stored.type().scalarType();
        if (type == null) {
            throw new UserException("%s: tensor %s has type %s, weights must be %s"
                    .formatted(path, stored.name(), stored.type(), StoredType.READABLE));
        }
        boolean aligned = stored.offset() * 8 % stored.type().bits() == 0;
        return type == precision.type() && aligned ? view(stored, type) : convert(stored, type, precision);
    }

    private Tensor view(StoredTensor stored, ScalarType type) {
        try (Scope scope = Scope.open()) {
            Tensor bytes = mapped(scope).narrow(0, stored.offset(), stored.bytes());
            return scope.keep(bytes.view(type).view(stored.dimensions()));
        }
    }

    private synchronized Tensor mapped(Scope scope) {
        Tensor known = mapped;
        if (known == null) {
            try {
                known = torch.from_file(
                        path.toString(),
                        new BoolOptional(false),
                        new LongOptional(size),
                        new TensorOptions(ScalarType.Byte));
            } catch (RuntimeException e) {
                throw new UserException("%s: cannot be mapped into memory: %s".formatted(path, firstLine(e)), e);
            }
            mapped = scope.own(known);
        }
        return known;
    }

    private Tensor convert(StoredTensor stored, ScalarType type, Precision precision) {
        int width = stored.type().bits() / 8;
        try (Scope scope = Scope.open()) {
            Tensor target = torch.empty(stored.dimensions(), new TensorOptions(precision.type()), null);
            Tensor flat = target.view(stored.elements());
            long chunkBytes = Math.max(width, Math.min(CHUNK, stored.bytes()));
            Tensor chunk = torch.empty(new long[] {chunkBytes}, new TensorOptions(ScalarType.Byte), null);
            Tensor source = chunk.view(type);
            ByteBuffer buffer =
                    new BytePointer(chunk.data_ptr()).capacity(chunkBytes).asByteBuffer();
            for (long done = 0; done < stored.bytes(); done += chunkBytes) {
                long count = Math.min(chunkBytes, stored.bytes() - done);
                read(buffer.clear().limit((int) count), stored.offset() + done);
                copy(flat, done / width, source, count / width);
            }
            return scope.keep(target);
        }
    }

    @SuppressWarnings("try") // the scope frees what is made inside it
    private static void copy(Tensor target, long offset, Tensor source, long count) {
        try (Scope scope = Scope.open()) {
            target.narrow(0, offset, count).copy_(source.narrow(0, 0, count));
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Ends reading; tensors that were handed out stay valid, since each holds the mapping. */
    @Override
    public synchronized void close() {
        if (mapped != null) {
            mapped.close();
            mapped = null;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw FileFailure.unreadable(path, e);
        }
    }
}
