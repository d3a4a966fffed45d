package org.dti4j.distribute;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The two connections of a peer, in from the one before it and out to the one after it. What goes over them are frames: a length and as many
 * bytes. A frame of length 0 says no more than that its sender lives; a length of -1 is followed by the rank that was lost.
 */
final class Link implements AutoCloseable {
    /** Room for the length, at the start of a frame. */
    static final int HEAD = Integer.BYTES;

    private static final int BEAT = 0;
    private static final int LOST = -1;
    private static final String GONE = "has left, or the network to it is cut";

    private final int before;
    private final int after;
    private final Socket inSocket;
    private final Socket outSocket;
    private final DataInputStream in;
    private final OutputStream out;
    private final int patience;
    private final ReentrantLock writing = new ReentrantLock();
    private final Thread heart;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param before the rank that frames come from
     * @param after the rank that frames go to
     * @param patience milliseconds without any frame after which the peer before this one counts as lost
     */
    Link(int before, Socket inSocket, int after, Socket outSocket, int patience) throws IOException {
        this.before = before;
        this.after = after;
        this.inSocket = inSocket;
        this.outSocket = outSocket;
        this.patience = patience;
        inSocket.setSoTimeout(patience);
        outSocket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(inSocket.getInputStream(), Ring.CHUNK));
        out = outSocket.getOutputStream();
        int pause = Math.max(1, patience / 4);
        heart = new Thread(() -> beat(pause), "dti4j-heartbeat");
        heart.setDaemon(true);
        heart.start();
    }

    /** Where the peer before this one reached it. */
    InetAddress address() {
        return inSocket.getLocalAddress();
    }

    int patienceMillis() {
        return patience;
    }

    /** As long as this process lives, whatever it computes; one that is stopped or cut off falls silent. */
    private void beat(int pause) {
        try {
            while (!closed.get()) {
                Thread.sleep(pause);
                write(ByteBuffer.allocate(HEAD).putInt(BEAT));
            }
        } catch (IOException | InterruptedException e) {
            // whoever sends or receives next meets the same, and says so
        }
    }

    private void write(ByteBuffer frame) throws IOException {
        writing.lock();
        try {
            out.write(frame.array(), frame.arrayOffset(), frame.position());
        } finally {
            writing.unlock();
        }
    }

    /** Sends what stands in a frame between its head and its position. */
    void send(ByteBuffer frame) {
        try {
            write(frame.putInt(0, frame.position() - HEAD));
        } catch (IOException e) {
            throw lost(after, GONE, e);
        }
    }

    /** Receives as many bytes as stand between a frame's head and its limit. */
    void receive(ByteBuffer frame) {
        int due = frame.limit() - HEAD;
        try {
            int announced = BEAT;
            while (announced == BEAT) {
                announced = in.readInt();
            }
            if (announced == LOST) {
                throw lost(in.readInt(), GONE + ", says rank " + before, null);
            }
            if (announced != due) {
                throw lost(before, "sends %d bytes where %d are due".formatted(announced, due), null);
            }
            in.readFully(frame.array(), frame.arrayOffset() + HEAD, due);
        } catch (SocketTimeoutException e) {
            throw lost(before, "was not heard of for too long", e);
        } catch (IOException e) {
            throw lost(before, GONE, e);
        }
    }

    /** Tells the peer after this one and hangs up, so that nobody waits for anybody. */
    private PeerLost lost(int rank, String why, @Nullable IOException cause) {
        if (closed.compareAndSet(false, true)) {
            // whoever is writing waits for a peer that does not read: it will not read the notice either
            if (writing.tryLock()) {
                try {
                    out.write(ByteBuffer.allocate(2 * Integer.BYTES)
                            .putInt(LOST)
                            .putInt(rank)
                            .array());
                } catch (IOException e) {
                    // it is cut off too
                } finally {
                    writing.unlock();
                }
            }
            hangUp();
        }
        return new PeerLost(rank, why, cause);
    }

    private void hangUp() {
        heart.interrupt();
        for (Socket socket : new Socket[] {inSocket, outSocket}) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone, as it was to be
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            hangUp();
        }
    }
}
