package org.dti4j.distribute;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Peers in a ring. A vector goes round it twice, in chunks that follow each other closely: first each peer adds its own values to those that
 * reach it, from rank 0 to the last; then the sums go from the last through all others. So each connection carries the vector twice at most,
 * however many peers there are, and the order of the additions is that of the ranks.
 */
final class Ring implements Peers {
    /** Bytes of a chunk: small against a vector, large against what a message costs. */
    static final int CHUNK = 1 << 18;

    private final int rank;
    private final int size;
    private final Link link;

    Ring(int rank, int size, Link link) {
        this.rank = rank;
        this.size = size;
        this.link = link;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    /** Where this peer is reached. */
    InetAddress address() {
        return link.address();
    }

    /** How long a silent peer is waited for. */
    int patienceMillis() {
        return link.patienceMillis();
    }

    @Override
    public void sum(float[] values) {
        sum(new Vector.Floats(values));
    }

    @Override
    public void sum(double[] values) {
        sum(new Vector.Doubles(values));
    }

    private synchronized void sum(Vector vector) {
        if (rank == 0) {
            sumAsFirst(vector);
        } else {
            sumAsOther(vector);
        }
    }

    /** Sends in a thread of its own, for the sums come back while the last chunks are still to go. */
    private void sumAsFirst(Vector vector) {
        Semaphore received = new Semaphore(0);
        Sender sender = new Sender(() -> {
            ByteBuffer frame = frame();
            for (long from = 0; from < vector.bytes(); from += CHUNK) {
                vector.put(from, limited(frame, vector, from));
                link.send(frame);
            }
            for (long from = 0; size > 2 && from < vector.bytes(); from += CHUNK) {
                received.acquire();
                vector.put(from, limited(frame, vector, from));
                link.send(frame);
            }
        });
        try {
            ByteBuffer frame = frame();
            for (long from = 0; from < vector.bytes(); from += CHUNK) {
                link.receive(limited(frame, vector, from));
                vector.take(frame, from);
                received.release();
            }
        } catch (PeerLost e) {
            sender.interrupt();
            throw e;
        }
        sender.await();
    }

    private void sumAsOther(Vector vector) {
        boolean last = rank == size - 1;
        ByteBuffer frame = frame();
        for (long from = 0; from < vector.bytes(); from += CHUNK) {
            link.receive(limited(frame, vector, from));
            vector.addTo(frame, from);
            link.send(frame);
            if (last) {
                vector.take(frame.position(Link.HEAD), from);
            }
        }
        for (long from = 0; !last && from < vector.bytes(); from += CHUNK) {
            link.receive(limited(frame, vector, from));
            vector.take(frame, from);
            if (rank < size - 2) {
                link.send(frame);
            }
        }
    }

    private static ByteBuffer frame() {
        return ByteBuffer.allocate(Link.HEAD + CHUNK);
    }

    /** The frame, ready for the chunk that begins at {@code from}. */
    private static ByteBuffer limited(ByteBuffer frame, Vector vector, long from) {
        return frame.limit(Link.HEAD + (int) Math.min(CHUNK, vector.bytes() - from))
                .position(Link.HEAD);
    }

    @Override
    public void close() {
        link.close();
    }

    /** A thread that sends, and what stopped it. */
    private static final class Sender {
        /** What it does. */
        private interface Sending {
            void run() throws InterruptedException;
        }

        private final Thread thread;
        private volatile @Nullable PeerLost failure;

        Sender(Sending sending) {
            thread = new Thread(
                    () -> {
                        try {
                            sending.run();
                        } catch (PeerLost e) {
                            failure = e;
                        } catch (InterruptedException e) {
                            // the receiving half has failed, and says so
                        }
                    },
                    "dti4j-sender");
            thread.setDaemon(true);
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        void await() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
