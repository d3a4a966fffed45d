package org.dti4j.distribute;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.dti4j.problem.UserException;

/**
 * What a peer says when it comes to rank 0.
 *
 * @param port at which it listens for the peer before it
 * @param fingerprint of the run that it is of
 */
record Hello(int rank, int size, int port, String fingerprint) {
    private static final int MAGIC = 0x64746934; // "dti4"
    private static final int LONGEST_ADDRESS = 16;
    private static final int LONGEST_REFUSAL = 500;
    private static final int MOST_PORT = 65535;

    void write(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeInt(rank);
        out.writeInt(size);
        out.writeInt(port);
        out.writeUTF(fingerprint);
        out.flush();
    }

    /** @throws IOException if a stranger speaks; no more than 64 KiB of what he says is read */
    static Hello read(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("not a peer");
        }
        return new Hello(in.readInt(), in.readInt(), in.readInt(), in.readUTF());
    }

    /**
     * What rank 0 answers: a refusal, or where the next peer listens.
     *
     * @param next the peer after the one that is answered
     */
    record Answer(InetSocketAddress next, Secret secret) {
        static void refuse(DataOutputStream out, String why) throws IOException {
            out.writeUTF(why);
            out.flush();
        }

        void write(DataOutputStream out) throws IOException {
            out.writeUTF("");
            byte[] address = next.getAddress().getAddress();
            out.writeByte(address.length);
            out.write(address);
            out.writeInt(next.getPort());
            secret.write(out);
            out.flush();
        }

        /** @throws UserException if rank 0 refused */
        static Answer read(DataInputStream in) throws IOException {
            String refusal = in.readUTF();
            if (!refusal.isEmpty()) {
                throw new UserException(
                        refusal.isBlank()
                                ? "rank 0 refuses this process and does not say why"
                                : refusal.substring(0, Math.min(LONGEST_REFUSAL, refusal.length())));
            }
            int length = in.readUnsignedByte();
            if (length > LONGEST_ADDRESS) {
                throw new IOException("no address has %d bytes".formatted(length));
            }
            byte[] address = new byte[length];
            in.readFully(address);
            int port = in.readInt();
            if (port < 0 || port > MOST_PORT) {
                throw new IOException("no port is %d".formatted(port));
            }
            InetSocketAddress next = new InetSocketAddress(InetAddress.getByAddress(address), port);
            return new Answer(next, Secret.read(in));
        }
    }
}
