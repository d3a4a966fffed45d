package org.dti4j.baseline;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;

/**
 * Which items' outcomes go together in the training part, over users: item-based collaborative filtering (Sarwar et al., WWW 2001). What an item
 * and a user are like on the whole is taken off first, and a covariance is drawn towards 0 where few users met both items (Bell and Koren,
 * ICDM 2007): S(i, j) = Σ_u e(u, i)·e(u, j) / (users of both + {@link #SHRINKAGE}), with e(u, i) = label − mean(i) − offset(u).
 */
final class ItemPairs {
    static final double SHRINKAGE = 40;
    private static final double SMOOTHING = 5;

    /** 270 MB of pairs. Rarer items of a larger catalogue have too few users in common to say anything. */
    private static final int MOST_ITEMS = 8192;

    private static final int NO_PLACE = -1;

    private final PreparedData data;
    private final double[] means; // by item
    private final double[] offsets; // by user
    private final int[] places; // by item: its row of pairs
    private final float[] products; // sums over users, by pair
    private final float[] users; // of both, by pair

    private ItemPairs(PreparedData data, double[] means, double[] offsets, int[] places, int most) {
        this.data = data;
        this.means = means;
        this.offsets = offsets;
        this.places = places;
        int rows = Math.min(most, places.length);
        products = new float[pair(rows, 0)];
        users = new float[products.length];
    }

    static ItemPairs of(PreparedData data) {
        return of(data, MOST_ITEMS);
    }

    /** @param most items that have pairs, the most frequent of training */
    static ItemPairs of(PreparedData data, int most) {
        int[] seen = new int[data.items().size()];
        int[] liked = new int[seen.length];
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i : training(history)) {
                seen[history.item(i)]++;
                liked[history.item(i)] += history.label(i) ? 1 : 0;
            }
        }
        double mean = (Arrays.stream(liked).asLongStream().sum() + 1.0)
                / (Arrays.stream(seen).asLongStream().sum() + 2.0);
        double[] means = IntStream.range(0, seen.length)
                .mapToDouble(item -> (liked[item] + SMOOTHING * mean) / (seen[item] + SMOOTHING))
                .toArray();
        double[] offsets = IntStream.range(0, data.users())
                .mapToDouble(user -> offset(data.history(user), means))
                .toArray();
        ItemPairs pairs = new ItemPairs(data, means, offsets, places(seen, most), most);
        for (int user = 0; user < data.users(); user++) {
            pairs.add(user);
        }
        return pairs;
    }

    private static int[] training(History history) {
        return IntStream.range(0, history.size())
                .filter(i -> history.part(i) == Part.TRAIN)
                .toArray();
    }

    private static double offset(History history, double[] means) {
        int[] training = training(history);
        double sum = Arrays.stream(training)
                .mapToDouble(i -> label(history, i) - means[history.item(i)])
                .sum();
        return sum / (training.length + SMOOTHING);
    }

    /** The most frequent first. */
    private static int[] places(int[] seen, int most) {
        int[] places = new int[seen.length];
        Arrays.fill(places, NO_PLACE);
        int[] frequent = IntStream.range(0, seen.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer item) -> seen[item]).reversed())
                .limit(most)
                .mapToInt(Integer::intValue)
                .toArray();
        for (int place = 0; place < frequent.length; place++) {
            places[frequent[place]] = place;
        }
        return places;
    }

    private void add(int user) {
        History history = data.history(user);
        int[] training = training(history);
        int[] rows = new int[training.length];
        float[] rests = new float[training.length];
        for (int i = 0; i < training.length; i++) {
            rows[i] = places[history.item(training[i])];
            rests[i] = (float) rest(history, user, training[i]);
            for (int j = 0; j < i && rows[i] != NO_PLACE; j++) {
                if (rows[j] != NO_PLACE && rows[j] != rows[i]) {
                    int pair = pair(rows[i], rows[j]);
                    products[pair] += rests[i] * rests[j];
                    users[pair]++;
                }
            }
        }
    }

    /** e(u, i). */
    private double rest(History history, int user, int interaction) {
        return above(history, interaction) - offsets[user];
    }

    private double above(History history, int interaction) {
        return label(history, interaction) - means[history.item(interaction)];
    }

    private static double label(History history, int interaction) {
        return history.label(interaction) ? 1 : 0;
    }

    /** Pairs lie in a triangle. */
    private static int pair(int one, int other) {
        int high = Math.max(one, other);
        return high * (high - 1) / 2 + Math.min(one, other);
    }

    /**
     * offset(u) as the context shows it: the mean of label − mean(item) over it, drawn towards 0. 0 without context.
     *
     * @param target an index into the user's history
     * @param context n, how many interactions before the target are looked at
     */
    double ofUser(int user, int target, int context) {
        History history = data.history(user);
        int first = Math.max(0, target - context);
        double sum = IntStream.range(first, target)
                .mapToDouble(i -> above(history, i))
                .sum();
        return sum / (target - first + SMOOTHING);
    }

    /**
     * Σ over the context of S(target's item, item) · (label − mean(item) − {@link #ofUser}). A target of the training part is left out of S
     * itself: what its user adds to each covariance is taken off.
     */
    double ofContext(int user, int target, int context) {
        History history = data.history(user);
        double offset = ofUser(user, target, context);
        int row = places[history.item(target)];
        double sum = 0;
        for (int i = Math.max(0, target - context); i < target && row != NO_PLACE; i++) {
            int other = places[history.item(i)];
            if (other != NO_PLACE && other != row) {
                sum += covariance(history, user, target, i, pair(row, other)) * (above(history, i) - offset);
            }
        }
        return sum;
    }

    private double covariance(History history, int user, int target, int i, int pair) {
        boolean counted = history.part(target) == Part.TRAIN && history.part(i) == Part.TRAIN;
        double own = counted ? rest(history, user, target) * rest(history, user, i) : 0;
        return (products[pair] - own) / (users[pair] - (counted ? 1 : 0) + SHRINKAGE);
    }
}
