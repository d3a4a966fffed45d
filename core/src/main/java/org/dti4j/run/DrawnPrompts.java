package org.dti4j.run;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dti4j.prompt.Prompt;

/** Random prompts of a benchmark, of a real one's proportions. */
final class DrawnPrompts {
    static final int TOKENS_PER_INTERACTION = 20;
    static final int PREFIX = 30;
    static final int CONTEXT = 20;

    private static final int DISTINCT_IDS = 2_000; // words of a catalogue

    private DrawnPrompts() {}

    static Prompt prompt(int targets, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[][] items = new int[CONTEXT + targets][TOKENS_PER_INTERACTION];
        for (int[] item : items) {
            for (int i = 0; i < item.length; i++) {
                item[i] = 10 + random.nextInt(DISTINCT_IDS);
            }
        }
        int[] prefix = IntStream.range(0, PREFIX).map(i -> 10 + i).toArray();
        return new Prompt(prefix, items, new int[items.length][0], CONTEXT, new boolean[items.length]);
    }
}
