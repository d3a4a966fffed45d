package org.dti4j.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, who may ask, and the bounds of what it takes.
 *
 * @param host an address or name; anything but loopback needs {@code token} or {@code insecure}
 * @param port 0 for any that is free
 * @param token what clients must send as {@code Authorization: Bearer …}; null for none
 * @param insecure whether anybody who reaches another address may ask
 * @param bodyBytes of a request, at most
 * @param history interactions of one request, at most
 * @param candidates of one request, at most
 * @param users whose histories are kept, at most; the one that was longest unused goes first
 * @param queue requests that wait, at most; further ones are refused
 * @param batchCandidates of one batch, unless a single request has more
 * @param batchWait how long the first request of a batch waits for others
 * @param timeout after which a request is answered that it took too long
 */
public record ServeConfig(
        String host,
        int port,
        @Nullable String token,
        boolean insecure,
        int bodyBytes,
        int history,
        int candidates,
        int users,
        int queue,
        int batchCandidates,
        Duration batchWait,
        Duration timeout) {
    private static final int SHORTEST_TOKEN = 16;

    public ServeConfig {
        Problems.in("serve")
                .require(port >= 0 && port < 1 << 16, "port", port, "in [0, 65535]")
                .require(
                        token == null || token.length() >= SHORTEST_TOKEN,
                        "token",
                        "…",
                        "of " + SHORTEST_TOKEN + " characters or more")
                .require(
                        isLoopback(host) || token != null || insecure,
                        "host",
                        host,
                        "a loopback address such as 127.0.0.1, unless DTI_SERVE_TOKEN sets a token or --insecure lets anybody ask")
                .require(bodyBytes >= 1, "bodyBytes", bodyBytes, ">= 1")
                .require(history >= 1, "history", history, ">= 1")
                .require(candidates >= 1, "candidates", candidates, ">= 1")
                .require(users >= 1, "users", users, ">= 1")
                .require(queue >= 1, "queue", queue, ">= 1")
                .require(batchCandidates >= 1, "batchCandidates", batchCandidates, ">= 1")
                .require(!batchWait.isNegative(), "batchWait", batchWait, ">= 0")
                .require(timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout, "> 0")
                .throwIfAny();
    }

    /** Loopback, and bounds that suit a small machine. */
    public static ServeConfig defaults() {
        return new ServeConfig(
                "127.0.0.1",
                8080,
                null,
                false,
                1 << 20,
                1000,
                1000,
                100_000,
                256,
                512,
                Duration.ofMillis(2),
                Duration.ofSeconds(10));
    }

    /** Listening elsewhere. */
    public ServeConfig at(String otherHost, int otherPort, @Nullable String otherToken, boolean anybody) {
        return new ServeConfig(
                otherHost,
                otherPort,
                otherToken,
                anybody,
                bodyBytes,
                history,
                candidates,
                users,
                queue,
                batchCandidates,
                batchWait,
                timeout);
    }

    /** With other bounds of waiting. */
    public ServeConfig withQueue(int most, Duration wait, Duration limit) {
        return new ServeConfig(
                host, port, token, insecure, bodyBytes, history, candidates, users, most, batchCandidates, wait, limit);
    }

    /** With other bounds of requests. */
    public ServeConfig withLimits(int bytes, int interactions, int items, int kept) {
        return new ServeConfig(
                host,
                port,
                token,
                insecure,
                bytes,
                interactions,
                items,
                kept,
                queue,
                batchCandidates,
                batchWait,
                timeout);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether only programs of this machine can ask, and no token keeps web pages in its browsers from doing so. */
    boolean trustsThisMachine() {
        return token == null && !insecure;
    }
}
