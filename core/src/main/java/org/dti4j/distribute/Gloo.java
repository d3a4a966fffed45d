package org.dti4j.distribute;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Scope;

/** Peers whose gradients are summed by Gloo in processors' memory, each pair over a connection of its own. */
final class Gloo extends LibtorchPeers {
    private Gloo(Ring ring, TCPStore store, Backend group) {
        super(ring, store, group);
    }

    /** @param ring owned from now on */
    static Gloo over(Ring ring) {
        load();
        TCPStore store = store(ring);
        GlooDeviceVector devices = new GlooDeviceVector(1);
        devices.put(0, ProcessGroupGloo.createDeviceForHostname(ring.address().getHostAddress()));
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

    @Override
    public void sum(float[] values) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = torch.empty(values.length);
            FloatPointer elements = new FloatPointer(tensor.data_ptr_float());
            elements.put(values, 0, values.length);
            group.allreduce(new TensorVector(tensor))._wait();
            elements.get(values, 0, values.length);
        } catch (RuntimeException e) {
            throw lost(e);
        }
    }
}
