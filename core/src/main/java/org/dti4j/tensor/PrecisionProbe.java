package org.dti4j.tensor;

import java.util.function.LongSupplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Measures, once, whether this processor multiplies faster in bfloat16 or in float32: without AVX512-BF16 or AMX it does not. */
public final class PrecisionProbe {
    private static final int ROWS = 512;
    private static final int WIDTH = 576;
    private static final int INNER = 1536;
    private static final int ROUNDS = 5;

    private PrecisionProbe() {}

    /**
     * @param clock nanoseconds
     */
    public static Precision faster(String device, LongSupplier clock) {
        if (!device.equals("cpu")) {
            return Precision.BFLOAT16;
        }
        long single = nanoseconds(Precision.FLOAT32, clock);
        long half = nanoseconds(Precision.BFLOAT16, clock);
        return half < single ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    private static long nanoseconds(Precision precision, LongSupplier clock) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor x = torch.ones(ROWS, WIDTH).to(precision.type());
            Tensor w = torch.ones(INNER, WIDTH).to(precision.type());
            long best = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long start = clock.getAsLong();
                torch.linear(x, w);
                best = Math.min(best, clock.getAsLong() - start);
            }
            return best;
        }
    }
}
