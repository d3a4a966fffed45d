package org.dti4j.run;

import org.dti4j.engine.SharedStates;

/**
 * What became of the tokens of items that users share ({@link ItemStates}).
 *
 * @param found that were kept
 * @param computed that were not
 * @param damaged whose checksum was wrong, and which were computed again
 * @param tokens that are kept now
 * @param bytes that they hold
 */
public record ItemUse(long found, long computed, long damaged, long tokens, long bytes) {
    static final ItemUse NONE = new ItemUse(0, 0, 0, 0, 0);

    static ItemUse of(SharedStates.Use use) {
        return new ItemUse(use.found(), use.computed(), use.damaged(), use.tokens(), use.bytes());
    }
}
