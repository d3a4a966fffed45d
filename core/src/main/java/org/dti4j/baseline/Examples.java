package org.dti4j.baseline;

import java.util.List;

/**
 * Targets with what came before them, a row each; everything padded on the left with 0.
 *
 * @param count N
 * @param context n
 * @param found m, interactions that the hard search may find
 * @param targets [N] items
 * @param items [N, n]
 * @param feedback [N, n], 1 for disliked, 2 for liked
 * @param foundItems [N, m], the latest earlier interactions with items of the target's category, beyond the context too
 * @param foundFeedback [N, m]
 * @param foundAges [N, m], 1 + the logarithm to base 2 of the days that have passed, at most {@link #AGES}
 * @param features [N, {@link #FEATURES}], for logistic regression
 * @param pairs [N, {@link #PAIRS}], what {@link ItemPairs} says of the user and of the context; 0 where none are read
 * @param labels [N]
 */
@SuppressWarnings("ArrayRecordComponent") // made once, compared never
record Examples(
        int count,
        int context,
        int found,
        int[] targets,
        int[] items,
        int[] feedback,
        int[] foundItems,
        int[] foundFeedback,
        int[] foundAges,
        float[] features,
        float[] pairs,
        float[] labels) {
    static final int AGES = 14;
    static final int FEATURES = 6;
    /** The feature that is the item's. */
    static final int ITEM = 1;

    static final int PAIRS = 2;

    static Examples empty(int count, int context, int found) {
        return new Examples(
                count,
                context,
                found,
                new int[count],
                new int[count * context],
                new int[count * context],
                new int[count * found],
                new int[count * found],
                new int[count * found],
                new float[count * FEATURES],
                new float[count * PAIRS],
                new float[count]);
    }

    /** Which interactions are there and no padding: 1 or 0. */
    static float[] mask(int[] items) {
        float[] mask = new float[items.length];
        for (int i = 0; i < items.length; i++) {
            mask[i] = items[i] > 0 ? 1 : 0;
        }
        return mask;
    }

    static List<String> featureNames() {
        return List.of(
                "log-odds of the user",
                "log-odds of the item",
                "log-odds of the context",
                "last outcome",
                "log of the user's interactions",
                "log of the item's interactions");
    }
}
