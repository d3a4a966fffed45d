package org.dti4j.engine;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.LlamaConfig;
import org.dti4j.prompt.Prompt;

/** What is measured: layers of SmolLM2-135M's shape over one stream of 20 interactions of context, 20 tokens each. */
final class Shapes {
    static final int CONTEXT = 20;
    static final int SUM = 3;

    private static final int TOKENS = 20;
    private static final int PREFIX = 30;
    private static final int WORDS = 2_000;

    private Shapes() {}

    static LlamaConfig model(int layers) {
        return new LlamaConfig(49_152, 576, 1536, layers, 9, 3, 64, 1e-5, 1e5, null, false, false, true);
    }

    static Prompt prompt(int targets) {
        SplittableRandom random = new SplittableRandom(1);
        int[][] items = new int[CONTEXT + targets][];
        for (int i = 0; i < items.length; i++) {
            items[i] = IntStream.range(0, TOKENS)
                    .map(token -> 10 + random.nextInt(WORDS))
                    .toArray();
        }
        int[] prefix = IntStream.range(10, 10 + PREFIX).toArray();
        return new Prompt(prefix, items, new int[items.length][0], CONTEXT, new boolean[items.length]);
    }

    static Layout layout(String method, int targets) {
        return Layout.of(List.of(prompt(targets)), Method.named(method), SUM);
    }
}
