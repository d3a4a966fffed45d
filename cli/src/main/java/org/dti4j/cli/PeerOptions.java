package org.dti4j.cli;

import java.util.Map;
import org.dti4j.distribute.Collective;
import org.dti4j.distribute.Rendezvous;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The processes of a run that has several. What is not given is taken from the variables that torchrun sets. */
final class PeerOptions {
    private final Map<String, String> environment;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description =
                    "Train together with other processes, so many in all (default: the variable WORLD_SIZE, or 1).")
    private @Nullable Integer nodes;

    @Option(
            names = "--rank",
            paramLabel = "R",
            description = "Which of them this is, from 0 (default: the variable RANK). Rank 0 writes the run folder.")
    private @Nullable Integer rank;

    @Option(
            names = "--rendezvous",
            paramLabel = "HOST:PORT",
            description =
                    "Where rank 0 listens and the others find it (default: the variables MASTER_ADDR, MASTER_PORT).")
    private @Nullable String rendezvous;

    @Option(
            names = "--collective",
            paramLabel = "NAME",
            description =
                    "What sums gradients: ring, the same bits in every run; gloo, libtorch's own; nccl, between GPUs (default: ${DEFAULT-VALUE}). "
                            + "The store of the latter two listens on all addresses of rank 0, for anybody.",
            defaultValue = "ring")
    private String collective = "ring";

    PeerOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Where this process meets the others.
     *
     * @throws UserException that names all that is missing or wrong
     */
    Rendezvous rendezvous() {
        int size = number(nodes, "WORLD_SIZE", "--nodes", "1");
        if (size == 1) {
            return Rendezvous.at(0, 1, "localhost", 0);
        }
        int own = number(rank, "RANK", "--rank", "");
        String place = rendezvous == null
                ? environment.getOrDefault("MASTER_ADDR", "") + ":" + environment.getOrDefault("MASTER_PORT", "")
                : rendezvous;
        int colon = place.lastIndexOf(':');
        boolean whole = colon > 0 && place.substring(colon + 1).matches("\\d{1,5}");
        if (!whole) {
            throw new UserException(
                    "--rendezvous = %s, must be HOST:PORT of rank 0, or the variables MASTER_ADDR and MASTER_PORT must say it"
                            .formatted(place));
        }
        return Rendezvous.at(own, size, host(place.substring(0, colon)), Integer.parseInt(place.substring(colon + 1)));
    }

    /** @throws UserException if there is none of the given name */
    Collective collective() {
        return Collective.of(collective, "--collective");
    }

    /** Without the brackets of an IPv6 address. */
    private static String host(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private int number(@Nullable Integer option, String variable, String name, String otherwise) {
        if (option != null) {
            return option;
        }
        String text = environment.getOrDefault(variable, otherwise);
        if (!text.matches("\\d{1,9}")) {
            throw new UserException("%s is missing, must be given, or the variable %s must say it, which is \"%s\""
                    .formatted(name, variable, text));
        }
        return Integer.parseInt(text);
    }
}
