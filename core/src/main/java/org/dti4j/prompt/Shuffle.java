package org.dti4j.prompt;

import java.util.Random;

/** A random order that depends on nothing but the source of randomness, on any Java. */
final class Shuffle {
    private Shuffle() {}

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
}
