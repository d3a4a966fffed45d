package org.dti4j.distribute;

/** How long a sum over peers takes; run by hand, one process per rank. Arguments: {@link SumTimes}. */
final class RingBenchmark {
    private RingBenchmark() {}

    public static void main(String[] arguments) {
        SumTimes times = SumTimes.of(arguments);
        try (Peers peers = Rendezvous.at(times.rank(), times.size(), "127.0.0.1", times.port())
                .meet("benchmark", System::nanoTime, () -> false)) {
            times.print("ring", () -> peers.sum(new double[1]), peers::sum);
        }
    }
}
