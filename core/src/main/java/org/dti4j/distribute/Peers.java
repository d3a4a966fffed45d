package org.dti4j.distribute;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The processes that train one model together, as one of them sees it. All of them make the same calls in the same order; each call waits
 * for the others. Sums are made in the order of ranks, so that every peer has the same bits, and has them again in the next run.
 */
public interface Peers extends AutoCloseable {
    /** One process by itself. */
    Peers ALONE = new Peers() {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void sum(float[] values) {}

        @Override
        public void sum(double[] values) {}

        @Override
        public void close() {}
    };

    /** Which of the peers this is, from 0. */
    int rank();

    /** How many there are, this one included. */
    int size();

    /**
     * Puts in place of each value its sum over all peers.
     *
     * @param values of the same number in each
     * @throws PeerLost if one of them has left, or was not heard of for too long; no call works after that
     */
    void sum(float[] values);

    /** The same for a few values in full precision. */
    void sum(double[] values);

    /**
     * Puts in place of each element its sum over all peers, where the tensors lie, if these peers can do that; otherwise nothing is done.
     *
     * @param tensors float32, in the same order and shapes at each peer
     * @return whether it was done
     * @throws PeerLost as {@link #sum(float[])}
     */
    default boolean sumInPlace(List<Tensor> tensors) {
        return false;
    }

    /** Whether this is the peer that validates, writes and decides. */
    default boolean first() {
        return rank() == 0;
    }

    /** What the first peer says; what the others pass is not looked at. */
    default double fromFirst(double value) {
        double[] said = {first() ? value : 0};
        sum(said);
        return said[0];
    }

    /** What the first peer says, null if it has nothing to say; what the others pass is not looked at. */
    default @Nullable String fromFirst(@Nullable String text) {
        byte[] own = first() && text != null ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
        int length = (int) fromFirst(own.length);
        double[] said = new double[length];
        for (int i = 0; i < own.length; i++) {
            said[i] = own[i];
        }
        sum(said);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) said[i];
        }
        return length == 0 ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    void close();
}
