package org.dti4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.dti4j.problem.UserException;

/**
 * Reads the numbers and strings of a GGUF header one after another. No length is believed before it is known to fit both the rest of the
 * file and a budget of memory, so a damaged file cannot ask for more than that.
 */
final class GgufInput {
    private static final int BUFFER = 1 << 20;

    /** Heap that all metadata together may take; a vocabulary of a quarter of a million tokens takes less than a tenth. */
    private static final long BUDGET = 512L << 20;

    private static final int STRING_OVERHEAD = 64;

    private final TensorFile file;
    private final ByteBuffer buffer;
    private long bufferEnd;
    private long claimed;

    GgufInput(TensorFile file) {
        this.file = file;
        int capacity = (int) Math.min(BUFFER, Math.max(Long.BYTES, file.size()));
        this.buffer =
                ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    /** Place of the next byte in the file. */
    long position() {
        return bufferEnd - buffer.remaining();
    }

    long remaining() {
        return file.size() - position();
    }

    byte nextByte(String what) {
        return fill(1, what).get();
    }

    short nextShort(String what) {
        return fill(2, what).getShort();
    }

    int nextInt(String what) {
        return fill(4, what).getInt();
    }

    long nextLong(String what) {
        return fill(8, what).getLong();
    }

    /** A count of things that take at least {@code leastBytes} each. */
    long nextCount(String what, int leastBytes) {
        long count = nextLong(what);
        if (count < 0 || count > remaining() / leastBytes) {
            throw damaged(
                    "%s is %s, more than the rest of the file can hold".formatted(what, Long.toUnsignedString(count)));
        }
        return count;
    }

    String nextString(String what) {
        int length = claim(nextCount("the length of " + what, 1), 1, STRING_OVERHEAD, what);
        byte[] bytes = new byte[length];
        if (length <= buffer.capacity()) {
            fill(length, what).get(bytes);
        } else {
            long start = position();
            file.read(ByteBuffer.wrap(bytes), start);
            bufferEnd = start + length;
            buffer.limit(0);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Takes memory for {@code count} elements from the budget before it is taken from the heap. */
    int claim(long count, int bytesEach, int overhead, String what) {
        claimed += count * bytesEach + overhead;
        if (claimed > BUDGET) {
            throw damaged("%s makes the metadata take more than %d MiB".formatted(what, BUDGET >> 20));
        }
        return (int) count;
    }

    UserException damaged(String what) {
        return new UserException("%s: %s".formatted(file.path(), what));
    }

    private ByteBuffer fill(int bytes, String what) {
        if (buffer.remaining() < bytes) {
            if (remaining() < bytes) {
                throw damaged("is cut off at %s, byte %d".formatted(what, position()));
            }
            buffer.compact();
            buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + file.size() - bufferEnd));
            int before = buffer.position();
            file.read(buffer, bufferEnd);
            bufferEnd += buffer.position() - before;
            buffer.flip();
        }
        return buffer;
    }
}
