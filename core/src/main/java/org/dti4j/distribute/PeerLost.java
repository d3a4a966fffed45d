package org.dti4j.distribute;

import org.jspecify.annotations.Nullable;

/** One of the peers has left, or the network to it is cut: what was begun together cannot go on. */
public final class PeerLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int rank;

    /**
     * @param rank who, as far as one can tell
     * @param why of that rank, as "has left"
     */
    public PeerLost(int rank, String why, @Nullable Throwable cause) {
        super("rank %d %s".formatted(rank, why), cause);
        this.rank = rank;
    }

    /** Who was lost, as far as this peer can tell. */
    public int rank() {
        return rank;
    }
}
