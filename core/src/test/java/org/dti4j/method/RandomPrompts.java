package org.dti4j.method;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.dti4j.prompt.Prompt;

/** Seeded random prompts and switches, for tests that hold for every layout. */
public final class RandomPrompts {
    public static final int SUM_ID = 2;

    private final SplittableRandom random;
    private final int vocabulary;
    private final int[] prefix;

    public RandomPrompts(long seed, int vocabulary) {
        random = new SplittableRandom(seed);
        this.vocabulary = vocabulary;
        prefix = ids(1 + random.nextInt(6));
    }

    private int[] ids(int count) {
        return random.ints(count, 5, vocabulary).toArray();
    }

    /** A prompt of {@code context} interactions and as many targets; all prompts of one generator share a prefix. */
    public Prompt prompt(int context, int targets) {
        return prompt(prefix, context, targets);
    }

    /** A prompt with a prefix of its own. */
    public Prompt prompt(int[] prefix, int context, int targets) {
        int[][] items = new int[context + targets][];
        int[][] feedbacks = new int[context + targets][];
        boolean[] labels = new boolean[context + targets];
        for (int a = 0; a < items.length; a++) {
            items[a] = ids(1 + random.nextInt(7));
            feedbacks[a] = ids(random.nextInt(3));
            labels[a] = random.nextBoolean();
        }
        return new Prompt(prefix, items, feedbacks, context, labels);
    }

    /** One to three prompts with up to {@code method.context()} context interactions. */
    public List<Prompt> batch(Method method) {
        List<Prompt> batch = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int targets = method.targets().count() == 1 ? 1 : 1 + random.nextInt(12);
            batch.add(prompt(random.nextInt(method.context() + 1), targets));
        }
        return batch;
    }

    /** Any combination of switches that docs/method.md section 5 allows. */
    public Method method() {
        boolean streaming = random.nextInt(6) > 0;
        boolean windowed = streaming && random.nextInt(6) > 0;
        return MethodBuilder.builder()
                .name(streaming ? "dti" : "sliding-window")
                .context(1 + random.nextInt(6))
                .targets(new Targets(streaming ? 5 : 1))
                .windowed(windowed)
                .windowTokens(windowed && random.nextInt(4) == 0 ? 5 + random.nextInt(20) : 0)
                .isolatedItems(random.nextInt(4) == 0)
                .sumPosition(random.nextBoolean() ? Method.SumPosition.ALIBI : Method.SumPosition.ROPE)
                .sumHidden(random.nextInt(3) > 0)
                .sumConsumesPosition(random.nextBoolean())
                .alibiSlope(random.nextDouble())
                .alibiHeads(random.nextBoolean() ? Method.AlibiHeads.GEOMETRIC : Method.AlibiHeads.UNIFORM)
                .alibiPrefixDistance(random.nextBoolean() ? random.nextInt(30) : 0)
                .prefixAlways(random.nextBoolean())
                .prefixDistance(random.nextBoolean() ? (Double) (double) random.nextInt(50) : null)
                .reset(random.nextBoolean())
                .resetMin(0.1)
                .resetMax(0.7)
                .resetTemperature(0.5 + random.nextDouble())
                .build();
    }
}
