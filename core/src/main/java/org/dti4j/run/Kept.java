package org.dti4j.run;

/**
 * What a {@link ClickScorer} keeps between calls. No answer depends on it.
 *
 * @param historyBytes of keys and values of histories, at most, in native memory: one that is asked for again, or that goes on with a kept
 *     one, is not read again
 * @param items keys and values of items, where users can share them; stays the caller's, who closes it after the scorer
 */
public record Kept(long historyBytes, ItemStates items) {
    /** Nothing. */
    public static Kept nothing() {
        return histories(0);
    }

    /** Histories alone. */
    public static Kept histories(long bytes) {
        return new Kept(bytes, ItemStates.none());
    }
}
