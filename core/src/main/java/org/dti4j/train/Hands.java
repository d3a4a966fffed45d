package org.dti4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.distribute.Peers;

/**
 * Deals the micro-batches of a step to all workers of all peers, one hand each. Every peer deals the same, by the lengths alone, and takes up
 * its own hands.
 *
 * @param all how many hands there are
 * @param first which of them is this peer's first
 * @param own how many of them are this peer's
 */
public record Hands(int all, int first, int own) {
    /** Those of one process. */
    public static Hands alone(int workers) {
        return new Hands(workers, 0, workers);
    }

    /** Asks every peer how many workers it has. */
    public static Hands among(Peers peers, int workers) {
        double[] counts = new double[peers.size()];
        counts[peers.rank()] = workers;
        peers.sum(counts);
        int first = 0;
        int all = 0;
        for (int rank = 0; rank < counts.length; rank++) {
            first += rank < peers.rank() ? (int) counts[rank] : 0;
            all += (int) counts[rank];
        }
        return new Hands(all, first, workers);
    }

    /**
     * The micro-batches of each of this peer's hands that has any: one after another, longest first, to whoever has least.
     *
     * @param lengths of the step's micro-batches, in tokens
     * @return indices into {@code lengths}
     */
    List<int[]> deal(int[] lengths) {
        List<List<Integer>> dealt = new ArrayList<>();
        IntStream.range(0, Math.min(all, lengths.length)).forEach(hand -> dealt.add(new ArrayList<>()));
        long[] loads = new long[dealt.size()];
        List<Integer> longestFirst = IntStream.range(0, lengths.length)
                .boxed()
                .sorted((one, other) -> Integer.compare(lengths[other], lengths[one]))
                .toList();
        for (int batch : longestFirst) {
            int least = 0;
            for (int hand = 1; hand < loads.length; hand++) {
                least = loads[hand] < loads[least] ? hand : least;
            }
            dealt.get(least).add(batch);
            loads[least] += lengths[batch];
        }
        return dealt.subList(Math.min(first, dealt.size()), Math.min(first + own, dealt.size())).stream()
                .map(hand -> hand.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }
}
