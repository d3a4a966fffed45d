package org.dti4j.distribute;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dti4j.problem.UserException;

/** What sums gradients over the peers of a run. */
public enum Collective {
    /** Sockets of our own, in the order of ranks: the same bits in every run. */
    RING,
    /** libtorch's Gloo. Its store listens on all addresses of rank 0's machine and asks nobody who he is, as with torchrun. */
    GLOO,
    /** NVIDIA's NCCL through libtorch, for gradients on GPUs, which do not leave them otherwise. The same store as Gloo's. */
    NCCL;

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
                .orElseThrow(() -> new UserException("%s = %s, must be one of %s"
                        .formatted(
                                named,
                                name,
                                Arrays.stream(values())
                                        .map(Collective::toString)
                                        .collect(Collectors.joining(", ")))));
    }

    /**
     * The peers, summing so from now on. All of them call it when they have met.
     *
     * @param met by {@link Rendezvous}; closed with what is returned, or if this fails
     * @throws UserException if not all want the same, or libtorch has it not on this platform or machine
     */
    public Peers over(Peers met) {
        try {
            double[] wanted = each(1);
            met.sum(wanted);
            if (!Arrays.equals(wanted, each(met.size()))) {
                throw new UserException("--collective = %s, must be the same at all nodes, and is not".formatted(this));
            }
            return met instanceof Ring ring ? over(ring) : met;
        } catch (RuntimeException | Error e) {
            met.close();
            throw e;
        }
    }

    /** For this one a value, for the others zero. */
    private double[] each(double value) {
        return Arrays.stream(values())
                .mapToDouble(each -> each == this ? value : 0)
                .toArray();
    }

    private Peers over(Ring ring) {
        return switch (this) {
            case RING -> ring;
            case GLOO -> Gloo.over(ring);
            case NCCL -> Nccl.over(ring);
        };
    }

    /** As it is written in options. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
