package org.dti4j.prompt;

/**
 * A planned prompt: which interactions of which user stand in it.
 *
 * @param user index into {@code PreparedData}
 * @param first the first interaction, a context one unless it equals {@code firstTarget}
 * @param firstTarget the first target
 * @param end the interaction after the last target
 */
public record Stream(int user, int first, int firstTarget, int end) {
    public Stream {
        if (first < 0 || first > firstTarget || firstTarget >= end) {
            throw new IllegalArgumentException(
                    "first %d, first target %d, end %d are not in order".formatted(first, firstTarget, end));
        }
    }

    public int targets() {
        return end - firstTarget;
    }
}
