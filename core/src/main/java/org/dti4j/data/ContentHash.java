package org.dti4j.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.dti4j.file.Checksum;

/** SHA-256 of prepared data, fed in a fixed order and with lengths before everything that varies in length. */
final class ContentHash {
    private final MessageDigest digest = Checksum.sha256();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private ContentHash() {}

    static String of(PreparedData data) {
        ContentHash hash = new ContentHash();
        hash.number(data.items().size());
        for (Item item : data.items()) {
            hash.text(item.id());
            hash.number(item.columns().size());
            item.columns().forEach((name, value) -> {
                hash.text(name);
                hash.text(value);
            });
        }
        hash.number(data.users());
        for (int user = 0; user < data.users(); user++) {
            hash.history(data.history(user));
        }
        hash.flush();
        return Checksum.hex(hash.digest);
    }

    private void history(History history) {
        text(history.user());
        number(history.size());
        for (int i = 0; i < history.size(); i++) {
            number(history.item(i));
            number(Double.doubleToLongBits(history.rating(i)));
            number(history.time(i));
            number(history.part(i).code() * 2L + (history.label(i) ? 1 : 0));
        }
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        flush();
        digest.update(bytes);
    }

    private void number(long value) {
        if (buffer.remaining() < Long.BYTES) {
            flush();
        }
        buffer.putLong(value);
    }

    private void flush() {
        digest.update(buffer.flip());
        buffer.clear();
    }
}
