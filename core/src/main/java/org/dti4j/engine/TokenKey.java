package org.dti4j.engine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.dti4j.file.Checksum;

/**
 * What a token's keys and values depend on where interactions are isolated: the ids of its interaction up to itself. 128 bits of SHA-256, chained
 * from token to token, so that interactions which begin alike have their first keys in common: an item's tokens are the same whatever became of it.
 */
record TokenKey(long high, long low) {
    static final int BYTES = 16;

    /** One for each token of an interaction. */
    static TokenKey[] of(int[] ids) {
        MessageDigest digest = Checksum.sha256();
        TokenKey[] keys = new TokenKey[ids.length];
        TokenKey before = new TokenKey(0, 0);
        for (int i = 0; i < ids.length; i++) {
            digest.update(before.toBytes());
            ByteBuffer hash = ByteBuffer.wrap(digest.digest(
                    ByteBuffer.allocate(Integer.BYTES).putInt(ids[i]).array()));
            before = new TokenKey(hash.getLong(), hash.getLong());
            keys[i] = before;
        }
        return keys;
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }
}
