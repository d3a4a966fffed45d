package org.dti4j.distribute;

import java.util.Locale;

/** How long a sum over peers takes; run by hand, one process per rank. Arguments: rank, size, port, number of floats, RING or GLOO. */
final class SumBenchmark {
    private static final int ROUNDS = 20;

    private SumBenchmark() {}

    public static void main(String[] arguments) {
        int rank = Integer.parseInt(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        float[] values = new float[Integer.parseInt(arguments[3])];
        double best = Double.POSITIVE_INFINITY;
        double total = 0;
        try (Peers peers = Collective.of(arguments[4], "the fifth argument")
                .over(Rendezvous.at(rank, size, "127.0.0.1", Integer.parseInt(arguments[2]))
                        .meet("benchmark", System::nanoTime, () -> false))) {
            for (int round = 0; round < ROUNDS; round++) {
                peers.sum(new double[1]); // all begin together
                long start = System.nanoTime();
                peers.sum(values);
                double millis = (System.nanoTime() - start) / 1e6;
                best = Math.min(best, millis);
                total += millis;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s, rank %d of %d: %,d bytes, %.1f ms at best, %.1f ms on average%n",
                arguments[4],
                rank,
                size,
                4L * values.length,
                best,
                total / ROUNDS);
    }
}
