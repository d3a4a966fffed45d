package org.dti4j.distribute;

import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * Peers whose gradients are summed by a process group of libtorch's. They have met in a ring, which goes on to carry what is small, and by
 * which it is known who was lost.
 */
abstract class LibtorchPeers implements Peers {
    private final Ring ring;
    private final TCPStore store;
    final Backend group;

    /** @param group owned from now on, as are the others */
    LibtorchPeers(Ring ring, TCPStore store, Backend group) {
        this.ring = ring;
        this.store = store;
        this.group = group;
    }

    /** A store that rank 0 serves where the ring reaches it. */
    static TCPStore store(Ring ring) {
        String own = ring.address().getHostAddress();
        TCPStore served = ring.first() ? store(own, 0, ring) : null;
        String said = ring.fromFirst(served == null ? null : own + " " + Short.toUnsignedInt(served.getPort()));
        if (said == null) {
            throw new IllegalStateException("rank 0 says where its store is");
        }
        int space = said.indexOf(' ');
        return served == null
                ? store(said.substring(0, space), Integer.parseInt(said.substring(space + 1)), ring)
                : served;
    }

    private static TCPStore store(String host, int port, Ring ring) {
        TCPStoreOptions options = new TCPStoreOptions()
                .port((short) port)
                .isServer(ring.first())
                .waitWorkers(false)
                .timeout(patience(ring));
        return new TCPStore(host, options);
    }

    static Milliseconds patience(Ring ring) {
        return new Milliseconds(ring.patienceMillis());
    }

    @Override
    public final int rank() {
        return ring.rank();
    }

    @Override
    public final int size() {
        return ring.size();
    }

    @Override
    public void sum(float[] values) {
        ring.sum(values);
    }

    @Override
    public final void sum(double[] values) {
        ring.sum(values);
    }

    /** What a failed sum of libtorch's means. The ring says who was lost, if it knows; libtorch does not. */
    final PeerLost lost(RuntimeException failure) {
        ring.sum(new double[1]);
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse(""); // then come frames of C++
        return new PeerLost((rank() + 1) % size(), "or another is lost to libtorch: " + said, failure);
    }

    @Override
    public void close() {
        group.close();
        store.close();
        ring.close();
    }
}
