package org.dti4j.score;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Into how many pieces the candidates of a scoring are cut at least, so that it can stop between them when nobody waits for its answers any
 * more. One piece is what is best for throughput.
 *
 * @param wanted asked before each pass, by several threads; false stops the scoring
 */
public record Pieces(int count, BooleanSupplier wanted) {
    /** As few passes as memory allows, which nothing stops. */
    public static final Pieces WHOLE = new Pieces(1, () -> true);

    /**
     * Of a part of the candidates.
     *
     * @param candidates of the part
     * @param all of the whole
     */
    public Pieces of(long candidates, long all) {
        return new Pieces((int) Math.max(1, (count * candidates + all - 1) / Math.max(1, all)), wanted);
    }

    /** @throws CancellationException if nobody waits any more */
    public void goOn() {
        if (!wanted.getAsBoolean()) {
            throw new CancellationException("nobody waits for the answers any more");
        }
    }
}
