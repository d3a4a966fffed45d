package org.dti4j.baseline;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.score.Baselines;

/**
 * Which items' outcomes go together in the training part, over users: item-based collaborative filtering (Sarwar et al., WWW 2001). What an item
 * and a user are like on the whole is taken off first, and a covariance is drawn towards 0 where few users met both items (Bell and Koren,
 * ICDM 2007): S(i, j) = Σ_u e(u, i)·e(u, j) / (users of both + {@link #SHRINKAGE}), with e(u, i) = label − mean(i) − offset(u).
 */
final class ItemPairs {
    private static final double SHRINKAGE = 40;

    /** 270 MB of pairs. Rarer items of a larger catalogue have too few users in common to say anything. */
    private static final int MOST_ITEMS = 8192;

    /** The latest of a user's training interactions: a robot with a million would add 5 · 10^11 pairs. */
    private static final int MOST_OF_A_USER = 5000;

    private static final int NO_PLACE = -1;

    private final PreparedData data;
    private final int mostOfAUser;
    private final int[] ends; // by user: how many training interactions the history begins with
    private final Baselines means;
    private final double[] offsets; // by user
    private final int[] places; // by item: its row of pairs
    private final float[] products; // sums over users, by pair
    private final float[] users; // of both, by pair

    private ItemPairs(PreparedData data, Baselines means, int mostItems, int mostOfAUser) {
        this.data = data;
        this.means = means;
        this.mostOfAUser = mostOfAUser;
        int[] seen = new int[data.items().size()];
        ends = new int[data.users()];
        for (int user = 0; user < ends.length; user++) {
            History history = data.history(user);
            while (ends[user] < history.size() && history.part(ends[user]) == Part.TRAIN) {
                seen[history.item(ends[user]++)]++;
            }
        }
        offsets = IntStream.range(0, ends.length).mapToDouble(this::offset).toArray();
        places = places(seen, mostItems);
        products = new float[pair(Math.min(mostItems, places.length), 0)];
        users = new float[products.length];
    }

    /** @param means of the same data */
    static ItemPairs of(PreparedData data, Baselines means) {
        return of(data, means, MOST_ITEMS, MOST_OF_A_USER);
    }

    /**
     * @param mostItems that have pairs, the most frequent of training
     * @param mostOfAUser interactions that pairs are made of, the latest of training
     */
    static ItemPairs of(PreparedData data, Baselines means, int mostItems, int mostOfAUser) {
        ItemPairs pairs = new ItemPairs(data, means, mostItems, mostOfAUser);
        for (int user = 0; user < data.users(); user++) {
            pairs.add(user);
        }
        return pairs;
    }

    private double offset(int user) {
        return offset(data.history(user), first(user), ends[user]);
    }

    /** The mean of label − mean(item) over some interactions, drawn towards 0; 0 if there are none. */
    private double offset(History history, int from, int end) {
        double sum =
                IntStream.range(from, end).mapToDouble(i -> above(history, i)).sum();
        return sum / (end - from + Baselines.SMOOTHING);
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
        int first = first(user);
        int[] rows = new int[ends[user] - first];
        float[] rests = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = places[history.item(first + i)];
            rests[i] = (float) rest(history, user, first + i);
            for (int j = 0; j < i; j++) {
                if (related(rows[i], rows[j])) {
                    int pair = pair(rows[i], rows[j]);
                    products[pair] += rests[i] * rests[j];
                    users[pair]++;
                }
            }
        }
    }

    private int first(int user) {
        return Math.max(0, ends[user] - mostOfAUser);
    }

    /** e(u, i). */
    private double rest(History history, int user, int interaction) {
        return above(history, interaction) - offsets[user];
    }

    private double above(History history, int interaction) {
        return (history.label(interaction) ? 1 : 0) - means.itemMean(history.item(interaction));
    }

    private static boolean related(int row, int other) {
        return row != NO_PLACE && other != NO_PLACE && row != other;
    }

    /** Pairs lie in a triangle. */
    private static int pair(int row, int other) {
        int high = Math.max(row, other);
        return high * (high - 1) / 2 + Math.min(row, other);
    }

    /**
     * offset(u) as the context shows it: the mean of label − mean(item) over it, drawn towards 0. 0 without context.
     *
     * @param target an index into the user's history
     * @param context n, how many interactions before the target are looked at
     */
    double ofUser(int user, int target, int context) {
        return offset(data.history(user), Math.max(0, target - context), target);
    }

    /**
     * Σ over the context of S(target's item, item) · (label − mean(item) − {@link #ofUser}). A target of the training part is left out of S itself:
     * what it adds to each covariance is taken off.
     */
    double ofContext(int user, int target, int context) {
        History history = data.history(user);
        double offset = ofUser(user, target, context);
        int row = places[history.item(target)];
        double sum = 0;
        for (int i = Math.max(0, target - context); i < target; i++) {
            if (related(row, places[history.item(i)])) {
                sum += covariance(history, user, target, i) * (above(history, i) - offset);
            }
        }
        return sum;
    }

    private double covariance(History history, int user, int target, int i) {
        int pair = pair(places[history.item(target)], places[history.item(i)]);
        boolean counted = i >= first(user) && target < ends[user];
        double own = counted ? rest(history, user, target) * rest(history, user, i) : 0;
        return (products[pair] - own) / (users[pair] - (counted ? 1 : 0) + SHRINKAGE);
    }
}
