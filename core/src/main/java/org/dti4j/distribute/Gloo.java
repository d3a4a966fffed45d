package org.dti4j.distribute;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Scope;

/**
 * Peers whose gradients are summed by libtorch's Gloo, each pair over a connection of its own. They have met in a ring, which goes on to carry
 * what is small, and by which it is known who was lost.
 */
final class Gloo implements Peers {
    private final Ring ring;
    private final TCPStore store;
    private final ProcessGroupGloo group;

    private Gloo(Ring ring, TCPStore store, ProcessGroupGloo group) {
        this.ring = ring;
        this.store = store;
        this.group = group;
    }

    /** @param ring owned from now on */
    static Gloo over(Ring ring) {
        load();
        String own = ring.address().getHostAddress();
        TCPStore served = ring.first() ? store(own, 0, ring) : null;
        String said = ring.fromFirst(served == null ? null : own + " " + Short.toUnsignedInt(served.getPort()));
        if (said == null) {
            throw new IllegalStateException("rank 0 says where its store is");
        }
        int space = said.indexOf(' ');
        TCPStore store = served == null
                ? store(said.substring(0, space), Integer.parseInt(said.substring(space + 1)), ring)
                : served;
        GlooDeviceVector devices = new GlooDeviceVector(1);
        devices.put(0, ProcessGroupGloo.createDeviceForHostname(own));
        ProcessGroupGloo.Options options =
                ProcessGroupGloo.Options.create(patience(ring)).devices(devices);
        return new Gloo(ring, store, new ProcessGroupGloo(store, ring.rank(), ring.size(), options));
    }

    private static void load() {
        try {
            Loader.load(torch.class);
            Loader.load(torch_gloo.class);
        } catch (UnsatisfiedLinkError e) {
            throw new UserException("--collective = gloo, must be ring: this platform's libtorch has no Gloo", e);
        }
    }

    private static TCPStore store(String host, int port, Ring ring) {
        TCPStoreOptions options = new TCPStoreOptions()
                .port((short) port)
                .isServer(ring.first())
                .waitWorkers(false)
                .timeout(patience(ring));
        return new TCPStore(host, options);
    }

    private static Milliseconds patience(Ring ring) {
        return new Milliseconds(ring.patienceMillis());
    }

    @Override
    public int rank() {
        return ring.rank();
    }

    @Override
    public int size() {
        return ring.size();
    }

    @Override
    public void sum(float[] values) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = torch.empty(values.length);
            FloatPointer elements = new FloatPointer(tensor.data_ptr_float());
            elements.put(values, 0, values.length);
            group.allreduce(new TensorVector(tensor))._wait();
            elements.get(values, 0, values.length);
        } catch (RuntimeException e) {
            ring.sum(new double[1]); // tells who was lost: Gloo does not
            throw new PeerLost((rank() + 1) % size(), "or another is lost to Gloo: " + e.getMessage(), e);
        }
    }

    @Override
    public void sum(double[] values) {
        ring.sum(values);
    }

    @Override
    public void close() {
        group.close();
        store.close();
        ring.close();
    }
}
