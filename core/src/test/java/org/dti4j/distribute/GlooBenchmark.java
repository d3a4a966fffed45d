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
import org.dti4j.tensor.Scope;

/** What {@link RingBenchmark} measures, by libtorch's Gloo instead: the same arguments, the same floats from and to a Java array. */
final class GlooBenchmark {
    private GlooBenchmark() {}

    public static void main(String[] arguments) {
        SumTimes times = SumTimes.of(arguments);
        try (ProcessGroupGloo gloo = meet(times.rank(), times.size(), times.port())) {
            times.print("gloo", () -> sum(gloo, new float[1]), values -> sum(gloo, values));
        }
    }

    private static ProcessGroupGloo meet(int rank, int size, int port) {
        Loader.load(torch.class);
        Loader.load(torch_gloo.class);
        TCPStoreOptions options = new TCPStoreOptions()
                .port((short) port)
                .isServer(rank == 0)
                .waitWorkers(false)
                .timeout(new Milliseconds(60_000));
        ProcessGroupGloo.Options group = ProcessGroupGloo.Options.create(new Milliseconds(60_000));
        GlooDeviceVector devices = new GlooDeviceVector(1);
        devices.put(0, ProcessGroupGloo.createDeviceForHostname("127.0.0.1"));
        return new ProcessGroupGloo(new TCPStore("127.0.0.1", options), rank, size, group.devices(devices));
    }

    private static void sum(ProcessGroupGloo gloo, float[] values) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = torch.empty(values.length);
            FloatPointer elements = new FloatPointer(tensor.data_ptr_float());
            elements.put(values, 0, values.length);
            gloo.allreduce(new TensorVector(tensor))._wait();
            elements.get(values, 0, values.length);
        }
    }
}
