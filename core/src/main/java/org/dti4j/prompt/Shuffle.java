package org.dti4j.prompt;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/** A random order that depends on nothing but the source of randomness, on any Java. */
final class Shuffle {
    private Shuffle() {}

    /** A source whose first numbers differ even between neighbouring seeds, as those of {@link Random} itself do not. */
    static Random random(long seed) {
        long mixed = seed + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return new Random(mixed ^ (mixed >>> 31));
    }

    /** The seed of one of many orders that a seed stands for: of an epoch, of a user. */
    static long seed(long seed, long number) {
        return random(seed).nextLong() + number;
    }

    /** The numbers from 0 to {@code size - 1}, each order with the same chance (Fisher and Yates). */
    static int[] order(int size, Random random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** The numbers from 0 to {@code size - 1} by themselves plus a random number below {@code distance}: each stays nearer than that to its place. */
    static int[] nearby(int size, int distance, Random random) {
        double[] places = IntStream.range(0, size)
                .mapToDouble(i -> i + distance * random.nextDouble())
                .toArray();
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> places[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
