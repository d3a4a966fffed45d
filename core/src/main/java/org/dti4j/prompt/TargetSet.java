package org.dti4j.prompt;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;

/**
 * A set of targets: runs of consecutive interactions of one user each. Which targets are trained on is decided here and
 * nowhere else, so every layout has the same (docs/method.md section 2).
 */
public final class TargetSet {
    private final int[] users;
    private final int[] froms;
    private final int[] ends;
    private final long size;

    private TargetSet(Runs runs) {
        users = Arrays.copyOf(runs.users, runs.count);
        froms = Arrays.copyOf(runs.froms, runs.count);
        ends = Arrays.copyOf(runs.ends, runs.count);
        size = IntStream.range(0, runs.count).mapToLong(this::length).sum();
    }

    /**
     * All interactions of a part that have enough history, which may be of any part.
     *
     * @param minContext interactions that a target needs before it; the paper has the method's n
     */
    public static TargetSet of(PreparedData data, Part part, int minContext) {
        if (minContext < 0) {
            throw new IllegalArgumentException("minContext = %d, must be >= 0".formatted(minContext));
        }
        Runs runs = new Runs();
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i = minContext; i < history.size(); i++) {
                if (history.part(i) == part) {
                    runs.add(user, i, i + 1);
                }
            }
        }
        return new TargetSet(runs);
    }

    /** Number of targets. */
    public long size() {
        return size;
    }

    /**
     * At most {@code max} targets, each with the same chance to be among them, the same ones for the same seed. They stand apart, so
     * streams save little on them: made for the sliding layout.
     */
    public TargetSet sample(int max, long seed) {
        if (size <= max) {
            return this;
        }
        Random random = Shuffle.random(seed);
        Runs chosen = new Runs();
        long wanted = max;
        long left = size;
        for (int run = 0; run < runs() && wanted > 0; run++) {
            for (int i = froms[run]; i < ends[run]; i++, left--) {
                if (random.nextDouble() * left < wanted) {
                    chosen.add(users[run], i, i + 1);
                    wanted--;
                }
            }
        }
        return new TargetSet(chosen);
    }

    /**
     * At most {@code max} targets, all those of users drawn one after the other, the last user's cut. They stand together, as
     * streams need it.
     */
    public TargetSet sampleUsers(int max, long seed) {
        if (size <= max) {
            return this;
        }
        int[] order = Shuffle.order(runs(), Shuffle.random(seed));
        int[] taken = new int[runs()];
        long wanted = max;
        for (int at = 0; wanted > 0; at++) {
            taken[order[at]] = (int) Math.min(wanted, length(order[at]));
            wanted -= taken[order[at]];
        }
        Runs chosen = new Runs();
        for (int run = 0; run < runs(); run++) {
            if (taken[run] > 0) {
                chosen.add(users[run], froms[run], froms[run] + taken[run]);
            }
        }
        return new TargetSet(chosen);
    }

    int runs() {
        return users.length;
    }

    int user(int run) {
        return users[run];
    }

    /** First target of a run. */
    int from(int run) {
        return froms[run];
    }

    /** The interaction after the last target of a run. */
    int end(int run) {
        return ends[run];
    }

    int length(int run) {
        return ends[run] - froms[run];
    }

    /** Runs as they are found, in the order of users and interactions. */
    private static final class Runs {
        private int[] users = new int[64];
        private int[] froms = new int[64];
        private int[] ends = new int[64];
        private int count;

        void add(int user, int from, int end) {
            if (count > 0 && users[count - 1] == user && ends[count - 1] == from) {
                ends[count - 1] = end;
                return;
            }
            if (count == users.length) {
                users = Arrays.copyOf(users, 2 * count);
                froms = Arrays.copyOf(froms, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            users[count] = user;
            froms[count] = from;
            ends[count] = end;
            count++;
        }
    }
}
