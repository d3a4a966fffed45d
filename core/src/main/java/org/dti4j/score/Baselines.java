package org.dti4j.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;

/**
 * Probabilities of a like from counts alone, for targets of validation and test:
 *
 * <ul>
 *   <li>item mean: over the interactions of the training part with the item;
 *   <li>user mean: over <em>all</em> interactions of the user that are earlier than the target, those of validation and
 *       test too, since the model sees them as well (docs/method.md section 8);
 *   <li>item + user mean: logit(item) + logit(user) − logit(all), so that both count and the answer stays a probability.
 * </ul>
 *
 * Each mean is drawn towards the mean of the training part, as if {@link #SMOOTHING} more interactions with that mean had
 * been seen; so an unknown item or user has just that mean. A target's own label is never read.
 */
public final class Baselines {
    /** How many interactions the mean of the training part counts for. */
    public static final double SMOOTHING = 5;

    private final PreparedData data;
    private final double mean;
    private final double[] itemMeans;

    private Baselines(PreparedData data, double mean, double[] itemMeans) {
        this.data = data;
        this.mean = mean;
        this.itemMeans = itemMeans;
    }

    /** Counts the training part of {@code data}: one pass over all histories. */
    public static Baselines of(PreparedData data) {
        int items = data.items().size();
        int[] liked = new int[items];
        int[] seen = new int[items];
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int interaction = 0; interaction < history.size(); interaction++) {
                if (history.part(interaction) == Part.TRAIN) {
                    liked[history.item(interaction)] += history.label(interaction) ? 1 : 0;
                    seen[history.item(interaction)]++;
                }
            }
        }
        double mean = (sum(liked) + 1.0) / (sum(seen) + 2.0); // never 0 or 1: its log-odds are needed
        double[] itemMeans = new double[items];
        for (int item = 0; item < items; item++) {
            itemMeans[item] = drawn(liked[item], seen[item], mean);
        }
        return new Baselines(data, mean, itemMeans);
    }

    private static long sum(int[] counts) {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    private static double drawn(int liked, int seen, double mean) {
        return (liked + SMOOTHING * mean) / (seen + SMOOTHING);
    }

    /** The share of likes of some interactions, drawn towards the mean of the training part; between 0 and 1, never either. */
    public double drawn(int liked, int seen) {
        return drawn(liked, seen, mean);
    }

    /** The share of likes of an item's interactions of the training part, drawn towards the mean of all. */
    public double itemMean(int item) {
        return itemMeans[item];
    }

    /**
     * The probabilities of one user's targets.
     *
     * @param interactions indices into the user's history, none of them of the training part (whose labels are in the
     *     means)
     */
    public double[] probabilities(Baseline baseline, int user, int[] interactions) {
        History history = data.history(user);
        int[] likedBefore = new int[history.size() + 1];
        for (int interaction = 0; interaction < history.size(); interaction++) {
            likedBefore[interaction + 1] = likedBefore[interaction] + (history.label(interaction) ? 1 : 0);
        }
        double[] probabilities = new double[interactions.length];
        for (int i = 0; i < interactions.length; i++) {
            int target = interactions[i];
            if (history.part(target) == Part.TRAIN) {
                throw new IllegalArgumentException(
                        "interaction %d of user %d is of the training part, whose labels the baselines have seen"
                                .formatted(target, user));
            }
            probabilities[i] =
                    probability(baseline, itemMean(history.item(target)), drawn(likedBefore[target], target));
        }
        return probabilities;
    }

    private double probability(Baseline baseline, double item, double user) {
        return switch (baseline) {
            case ITEM_MEAN -> item;
            case USER_MEAN -> user;
            case ITEM_AND_USER_MEAN -> 1 / (1 + Math.exp(logit(mean) - logit(item) - logit(user)));
        };
    }

    private static double logit(double probability) {
        return Math.log(probability) - Math.log1p(-probability);
    }

    /**
     * The probabilities of targets of several users, in the order given; quick when targets of one user stand together.
     *
     * @param users the user of each target
     * @param interactions the index of each target in its user's history
     */
    public double[] probabilities(Baseline baseline, int[] users, int[] interactions) {
        double[] probabilities = new double[users.length];
        int from = 0;
        for (int to = 1; to <= users.length; to++) {
            if (to == users.length || users[to] != users[from]) {
                int[] ofUser = Arrays.copyOfRange(interactions, from, to);
                System.arraycopy(probabilities(baseline, users[from], ofUser), 0, probabilities, from, to - from);
                from = to;
            }
        }
        return probabilities;
    }

    /** The probabilities of all targets of {@code part}: users by index, each user's targets by time. */
    public double[] probabilities(Baseline baseline, Part part) {
        List<double[]> byUser = new ArrayList<>();
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            int[] targets = IntStream.range(0, history.size())
                    .filter(interaction -> history.part(interaction) == part)
                    .toArray();
            byUser.add(probabilities(baseline, user, targets));
        }
        return byUser.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
