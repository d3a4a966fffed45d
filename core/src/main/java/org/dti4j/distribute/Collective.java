package org.dti4j.distribute;

import java.util.Arrays;
import java.util.Locale;
import org.dti4j.problem.UserException;

/** What sums gradients over the peers of a run. */
public enum Collective {
    /** Sockets of our own, in the order of ranks: the same bits in every run. */
    RING,
    /** libtorch's Gloo. Its store listens on all addresses of rank 0's machine and asks nobody who he is, as with torchrun. */
    GLOO;

    /**
     * The one of a name, in letters of either case.
     *
     * @param named what the user wrote it as, for instance {@code --collective}
     * @throws UserException if there is none
     */
    public static Collective of(String name, String named) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UserException("%s = %s, must be ring or gloo".formatted(named, name)));
    }

    /**
     * The peers, summing so from now on. All of them call it when they have met.
     *
     * @param met by {@link Rendezvous}; closed with what is returned, or if this fails
     * @throws UserException if not all want the same, or this platform's libtorch has no Gloo
     */
    public Peers over(Peers met) {
        try {
            double[] others = {this == GLOO ? 1 : 0};
            met.sum(others);
            if (others[0] != (this == GLOO ? met.size() : 0)) {
                throw new UserException("--collective = %s, must be the same at all nodes, and is not"
                        .formatted(name().toLowerCase(Locale.ROOT)));
            }
            return this == GLOO && met instanceof Ring ring ? Gloo.over(ring) : met;
        } catch (RuntimeException | Error e) {
            met.close();
            throw e;
        }
    }
}
