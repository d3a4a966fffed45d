package org.dti4j.run;

/**
 * What became of the histories that a {@link ClickScorer} was asked for.
 *
 * @param found whose keys and values were kept
 * @param continued that went on with a kept one
 * @param read from their first interaction on
 * @param histories that are kept now
 * @param bytes of native memory that they hold
 */
public record CacheUse(long found, long continued, long read, int histories, long bytes) {
    static final CacheUse NONE = new CacheUse(0, 0, 0, 0, 0);
}
