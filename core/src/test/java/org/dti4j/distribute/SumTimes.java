package org.dti4j.distribute;

import java.util.Locale;
import java.util.function.Consumer;

/** How long a sum over peers takes, whoever makes it. Arguments of a benchmark: rank, size, port, number of floats. */
record SumTimes(int rank, int size, int port, int count) {
    private static final int ROUNDS = 20;

    static SumTimes of(String[] arguments) {
        return new SumTimes(
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
    }

    /**
     * Prints the best and the mean of some sums.
     *
     * @param begin a sum that has all begin together
     */
    void print(String name, Runnable begin, Consumer<float[]> sum) {
        float[] values = new float[count];
        double best = Double.POSITIVE_INFINITY;
        double total = 0;
        for (int round = 0; round < ROUNDS; round++) {
            begin.run();
            long start = System.nanoTime();
            sum.accept(values);
            double millis = (System.nanoTime() - start) / 1e6;
            best = Math.min(best, millis);
            total += millis;
        }
        System.out.printf(
                Locale.ROOT,
                "%s, rank %d of %d: %,d bytes, %.1f ms at best, %.1f ms on average%n",
                name,
                rank,
                size,
                4L * count,
                best,
                total / ROUNDS);
    }
}
