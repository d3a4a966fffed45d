package org.dti4j.distribute;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.SecureRandom;

/** What rank 0 tells those that it admitted, by which they know each other again. */
final class Secret {
    private static final int LENGTH = 16;
    private static final int PATIENCE = 5_000;

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    static Secret draw() {
        byte[] bytes = new byte[LENGTH];
        new SecureRandom().nextBytes(bytes);
        return new Secret(bytes);
    }

    static Secret read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[LENGTH];
        in.readFully(bytes);
        return new Secret(bytes);
    }

    void write(DataOutputStream out) throws IOException {
        out.write(bytes);
    }

    void show(int rank, Socket to) throws IOException {
        DataOutputStream out = new DataOutputStream(to.getOutputStream());
        write(out);
        out.writeInt(rank);
        out.flush();
    }

    boolean isShownBy(int rank, Socket from) throws IOException {
        from.setSoTimeout(PATIENCE);
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            return MessageDigest.isEqual(bytes, read(in).bytes) && in.readInt() == rank;
        } catch (IOException e) {
            return false;
        }
    }
}
