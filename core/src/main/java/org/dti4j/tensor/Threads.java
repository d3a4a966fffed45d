package org.dti4j.tensor;

import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.global.torch;

/** Native threads of this process. */
public final class Threads {
    private Threads() {}

    /**
     * Lets libtorch use so many threads, and OpenBLAS one. OpenBLAS would cut every small product of an attention in two and spin until both
     * halves are done: where another process needs a core, that costs ten times the time.
     *
     * @param count 0 for as many as libtorch finds processors
     */
    public static void use(int count) {
        if (count > 0) {
            torch.set_num_threads(count);
        }
        openblas_full.openblas_set_num_threads(1);
    }
}
