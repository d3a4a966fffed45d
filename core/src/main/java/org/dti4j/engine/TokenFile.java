package org.dti4j.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.file.AtomicFile;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Scope;

/**
 * A file of tokens: places of equal size, then a record for each place (key, checksum of key and content), then what the file is. Read
 * through a mapping, so the system's page cache is its memory; written by calls, which fail where a mapping would end the process (a full disk).
 * A record is wiped before its place is written and set afterwards, and a checksum guards the rest: whenever the process or the machine stops, a
 * token is whole or not there. Processes must not share it.
 */
final class TokenFile implements TokenTable {
    private static final String MAGIC = "dti4j tokens 1";
    /** Bytes of a place beside its content. */
    static final int RECORD = 32;

    private static final int HEADER = 64;
    private static final int RECORDS_AT_ONCE = 1 << 15;

    private final Path path;
    private final FileChannel channel;
    private final TokenShape shape;
    private final int places;
    private final Tensor rows;
    private final Map<TokenKey, Integer> kept = new HashMap<>();
    private final int[] checksums;

    private TokenFile(Path path, FileChannel channel, TokenShape shape, int places) throws IOException {
        this.path = path;
        this.channel = channel;
        this.shape = shape;
        this.places = places;
        checksums = new int[places];
        readRecords();
        rows = map();
    }

    /**
     * Opens a file, or begins it anew if there is none of this shape and size.
     *
     * @param notes is told if there was another
     */
    static TokenFile open(Path path, TokenShape shape, int places, Consumer<String> notes) {
        byte[] header = header(shape, places);
        long at = places * (shape.bytes() + RECORD);
        try {
            if (!isOf(path, header, at)) {
                if (Files.exists(path)) {
                    notes.accept("%s: is of another size or damaged, begins anew".formatted(path));
                }
                AtomicFile.write(path, fresh -> fresh.write(ByteBuffer.wrap(header), at)); // what lies before is zero
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                return new TokenFile(path, channel, shape, places);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileFailure.unwritable(path, e);
        }
    }

    private static byte[] header(TokenShape shape, int places) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.put(MAGIC.getBytes(StandardCharsets.US_ASCII)).position(HEADER / 2);
        return header.putInt(shape.layers())
                .putInt(shape.heads())
                .putInt(shape.headWidth())
                .putInt(shape.precision().bytes())
                .putInt(places)
                .array();
    }

    private static boolean isOf(Path path, byte[] header, long at) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) != at + header.length) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer found = ByteBuffer.allocate(header.length);
            readAll(channel, found, at);
            return found.equals(ByteBuffer.wrap(header));
        }
    }

    private static void readAll(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        for (long at = position; buffer.hasRemaining(); ) {
            int count = channel.read(buffer, at);
            if (count < 0) {
                throw new IOException("ends at byte " + at);
            }
            at += count;
        }
        buffer.flip();
    }

    private void readRecords() throws IOException {
        for (int first = 0; first < places; first += RECORDS_AT_ONCE) {
            int count = Math.min(RECORDS_AT_ONCE, places - first);
            ByteBuffer records = ByteBuffer.allocate(count * RECORD);
            readAll(channel, records, recordAt(first));
            for (int place = first; place < first + count; place++) {
                records.position((place - first) * RECORD);
                TokenKey key = new TokenKey(records.getLong(), records.getLong());
                checksums[place] = records.getInt();
                if (records.getInt() != 0) {
                    kept.put(key, place);
                }
            }
        }
    }

    private Tensor map() {
        try (Scope scope = Scope.open()) {
            Tensor all = torch.from_file(
                    path.toString(),
                    new BoolOptional(true), // shared: what is written through the channel is seen
                    new LongOptional(places * shape.numbers()),
                    new TensorOptions(shape.precision().type()));
            return scope.own(all.view(places, shape.numbers()));
        } catch (RuntimeException e) {
            throw new UserException(
                    "%s: cannot be mapped into memory: %s"
                            .formatted(
                                    path,
                                    String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse("")),
                    e);
        }
    }

    @Override
    public int places() {
        return places;
    }

    @Override
    public Tensor rows() {
        return rows;
    }

    @Override
    public Map<TokenKey, Integer> kept() {
        return kept;
    }

    @Override
    public boolean holds(int place, TokenKey key) {
        try (Scope scope = Scope.open()) {
            return checksum(key, bytes(rows.select(0, place))) == checksums[place];
        }
    }

    @Override
    public void write(int place, TokenKey key, Tensor token) {
        try (Scope scope = Scope.open()) {
            ByteBuffer content = bytes(token.contiguous());
            int checksum = checksum(key, content.duplicate());
            writeAll(ByteBuffer.allocate(RECORD), recordAt(place));
            writeAll(content, place * shape.bytes());
            ByteBuffer record = ByteBuffer.allocate(RECORD).put(key.toBytes()).putInt(checksum);
            writeAll(record.putInt(1).clear(), recordAt(place));
        } catch (IOException e) {
            throw FileFailure.unwritable(path, e);
        }
    }

    private void writeAll(ByteBuffer buffer, long position) throws IOException {
        for (long at = position; buffer.hasRemaining(); ) {
            at += channel.write(buffer, at);
        }
    }

    private long recordAt(int place) {
        return places * shape.bytes() + (long) place * RECORD;
    }

    /** Of a contiguous tensor, which must outlive it. */
    private ByteBuffer bytes(Tensor token) {
        return new BytePointer(token.data_ptr()).capacity(shape.bytes()).asByteBuffer();
    }

    private static int checksum(TokenKey key, ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(key.toBytes());
        crc.update(content);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        rows.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw FileFailure.unwritable(path, e);
        }
    }
}
