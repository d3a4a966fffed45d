package org.dti4j.distribute;

import java.util.Locale;
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
    private static final int ROUNDS = 20;

    private GlooBenchmark() {}

    public static void main(String[] arguments) {
        int rank = Integer.parseInt(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        float[] values = new float[Integer.parseInt(arguments[3])];
        try (ProcessGroupGloo gloo = meet(rank, size, Integer.parseInt(arguments[2]))) {
            double best = Double.POSITIVE_INFINITY;
            double sum = 0;
            for (int round = 0; round < ROUNDS; round++) {
                sum(gloo, new float[1]); // begin together
                long start = System.nanoTime();
                sum(gloo, values);
                double millis = (System.nanoTime() - start) / 1e6;
                best = Math.min(best, millis);
                sum += millis;
            }
            System.out.printf(
                    Locale.ROOT,
                    "gloo, rank %d of %d: %,d bytes, %.1f ms at best, %.1f ms on average%n",
                    rank,
                    size,
                    4L * values.length,
                    best,
                    sum / ROUNDS);
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
