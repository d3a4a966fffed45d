package org.dti4j.prompt;

/**
 * A planned prompt: which interactions of which user stand in it.
 *
 * @param user index into {@code PreparedData}
 * @param first the first interaction, a context one unless it equals {@code firstTarget}
 * @param firstTarget the first target
 * @param end the interaction after the last target
 * @param order in which the user's interactions are counted: {@link #OF_TIME}, or a number that tells one random order from another
 * @param distance of a random order: each interaction stands nearer than this to its place in time; 0 for anywhere
 */
public record Stream(int user, int first, int firstTarget, int end, long order, int distance) {
    /** As they happened. */
    public static final long OF_TIME = 0;

    /** In the order of time. */
    public Stream(int user, int first, int firstTarget, int end) {
        this(user, first, firstTarget, end, OF_TIME, 0);
    }

    public Stream {
        if (first < 0 || first > firstTarget || firstTarget >= end) {
            throw new IllegalArgumentException(
                    "first %d, first target %d, end %d are not in order".formatted(first, firstTarget, end));
        }
    }

    public int targets() {
        return end - firstTarget;
    }

    /** With its first targets alone. */
    public Stream cut(int targets) {
        return new Stream(user, first, firstTarget, firstTarget + targets, order, distance);
    }

    /** The same places in a random order of the user's history, another one for each seed and epoch. */
    public Stream shuffled(long seed, int epoch, int shuffleDistance) {
        long random = Shuffle.seed(seed, epoch);
        return new Stream(user, first, firstTarget, end, random == OF_TIME ? 1 : random, shuffleDistance);
    }
}
