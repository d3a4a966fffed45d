package org.dti4j.baseline;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.prompt.Stream;
import org.dti4j.score.Baselines;
import org.jspecify.annotations.Nullable;

/** Writes targets as numbers. An item's counts are of the training part, and only of what is earlier than the target: no label is seen early.
 * {@link ItemPairs} are of the whole training part. */
final class ExampleWriter {
    private static final double SECONDS_PER_DAY = 86_400;

    private final PreparedData data;
    private final ItemTable table;
    private final int context;
    private final int found;

    /** By item: times of its training interactions, and how many of them up to each were liked. */
    private final long[][] times;

    private final int[][] liked;
    private final Baselines means;
    private final @Nullable ItemPairs pairs;

    private ExampleWriter(ExampleWriter other, ItemPairs pairs) {
        data = other.data;
        table = other.table;
        context = other.context;
        found = other.found;
        times = other.times;
        liked = other.liked;
        means = other.means;
        this.pairs = pairs;
    }

    ExampleWriter(PreparedData data, Baselines means, ItemTable table, int context, int found) {
        this.data = data;
        this.means = means;
        this.table = table;
        this.context = context;
        this.found = found;
        pairs = null;
        record Seen(int item, long time, boolean label) {}
        List<Seen> seen = IntStream.range(0, data.users())
                .boxed()
                .flatMap(user -> {
                    History history = data.history(user);
                    return IntStream.range(0, history.size())
                            .filter(i -> history.part(i) == Part.TRAIN)
                            .mapToObj(i -> new Seen(history.item(i), history.time(i), history.label(i)));
                })
                .sorted(Comparator.comparingLong(Seen::time))
                .toList();
        int[] sizes = new int[table.items()];
        seen.forEach(each -> sizes[each.item]++);
        times = Arrays.stream(sizes).mapToObj(long[]::new).toArray(long[][]::new);
        liked = Arrays.stream(sizes).mapToObj(size -> new int[size + 1]).toArray(int[][]::new);
        int[] next = new int[sizes.length];
        for (Seen each : seen) {
            int at = next[each.item]++;
            times[each.item][at] = each.time;
            liked[each.item][at + 1] = liked[each.item][at] + (each.label ? 1 : 0);
        }
    }

    /** The same, which writes what pairs of items say too: they are counted, which takes minutes on large data. */
    ExampleWriter withPairs() {
        return new ExampleWriter(this, ItemPairs.of(data, means));
    }

    /** All targets of the streams, in their order. */
    Examples write(List<Stream> streams) {
        Examples examples =
                Examples.empty(streams.stream().mapToInt(Stream::targets).sum(), context, found);
        int row = 0;
        for (Stream stream : streams) {
            History history = data.history(stream.user());
            for (int target = stream.firstTarget(); target < stream.end(); target++) {
                write(examples, row, history, target);
                writePairs(examples, row, stream.user(), target);
                row++;
            }
        }
        return examples;
    }

    private void write(Examples examples, int row, History history, int target) {
        examples.targets()[row] = history.item(target) + 1;
        examples.labels()[row] = history.label(target) ? 1 : 0;
        int likes = 0;
        int first = Math.max(0, target - context);
        for (int i = first; i < target; i++) {
            int at = (row + 1) * context - target + i;
            examples.items()[at] = history.item(i) + 1;
            examples.feedback()[at] = history.label(i) ? 2 : 1;
            likes += history.label(i) ? 1 : 0;
        }
        search(examples, row, history, target);
        features(examples, row, history, target, likes, target - first);
    }

    private void writePairs(Examples examples, int row, int user, int target) {
        if (pairs != null) {
            examples.pairs()[row * Examples.PAIRS] = (float) pairs.ofUser(user, target, context);
            examples.pairs()[row * Examples.PAIRS + 1] = (float) pairs.ofContext(user, target, context);
        }
    }

    /** SIM's hard search: the latest interactions with items of the target's category. */
    private void search(Examples examples, int row, History history, int target) {
        int category = table.categories()[history.item(target) + 1];
        int at = (row + 1) * found - 1;
        for (int i = target - 1; i >= 0 && at >= row * found; i--) {
            if (table.categories()[history.item(i) + 1] == category) {
                examples.foundItems()[at] = history.item(i) + 1;
                examples.foundFeedback()[at] = history.label(i) ? 2 : 1;
                double days = Math.max(0, history.time(target) - history.time(i)) / SECONDS_PER_DAY;
                examples.foundAges()[at--] = Math.min(Examples.AGES, 1 + (int) (Math.log1p(days) / Math.log(2)));
            }
        }
    }

    private void features(Examples examples, int row, History history, int target, int likes, int near) {
        int likesOfUser = 0;
        for (int i = 0; i < target; i++) {
            likesOfUser += history.label(i) ? 1 : 0;
        }
        int item = history.item(target);
        int seen = earlier(times[item], history.time(target));
        double[] values = {
            logit(likesOfUser, target),
            logit(liked[item][seen], seen),
            logit(likes, near),
            target == 0 ? 0 : history.label(target - 1) ? 1 : -1,
            Math.log1p(target) / 5,
            Math.log1p(seen) / 5
        };
        for (int i = 0; i < values.length; i++) {
            examples.features()[row * Examples.FEATURES + i] = (float) values[i];
        }
    }

    /** How many of sorted times are before a time. */
    private static int earlier(long[] sorted, long time) {
        int at = Arrays.binarySearch(sorted, time);
        at = at < 0 ? -at - 1 : at;
        while (at > 0 && sorted[at - 1] == time) {
            at--;
        }
        return at;
    }

    private double logit(int likes, int count) {
        double share = means.drawn(likes, count);
        return Math.log(share / (1 - share));
    }
}
