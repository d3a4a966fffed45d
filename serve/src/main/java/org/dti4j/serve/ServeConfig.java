package org.dti4j.serve;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, who may ask, and the bounds of what it takes.
 *
 * @param store file that users' histories are kept in; null for memory alone
 */
@RecordBuilder
public record ServeConfig(
        Listening listening,
        Limits limits,
        Batching batching,
        @Nullable Path store) implements ServeConfigBuilder.With {
    /** Loopback, and bounds that suit a small machine. */
    public static ServeConfig defaults() {
        return new ServeConfig(
                new Listening("127.0.0.1", 8080, null, false, null),
                new Limits(1 << 20, 1000, 1000, 100_000),
                new Batching(256, 512, Duration.ofMillis(2), Duration.ofSeconds(10)),
                null);
    }

    /** With another time after which a request is answered that it took too long. */
    public ServeConfig withTimeout(Duration timeout) {
        return withBatching(new Batching(batching.queue(), batching.candidates(), batching.gather(), timeout));
    }

    /**
     * Bounds of requests, and of what is remembered of users.
     *
     * @param bodyBytes of a request, at most
     * @param history interactions of one request, at most
     * @param candidates of one request, at most
     * @param users whose histories are in memory, at most; the one that was longest unused goes first
     */
    public record Limits(int bodyBytes, int history, int candidates, int users) {
        public Limits {
            Problems.in("serve")
                    .require(bodyBytes >= 1, "bodyBytes", bodyBytes, ">= 1")
                    .require(history >= 1, "history", history, ">= 1")
                    .require(candidates >= 1, "candidates", candidates, ">= 1")
                    .require(users >= 1, "users", users, ">= 1")
                    .throwIfAny();
        }
    }

    /**
     * Bounds of waiting.
     *
     * @param queue requests that wait, at most; further ones are refused
     * @param candidates of one batch, unless a single request has more
     * @param gather how long the first request of a batch waits for others
     * @param timeout after which a request is answered that it took too long
     */
    public record Batching(int queue, int candidates, Duration gather, Duration timeout) {
        public Batching {
            Problems.in("serve")
                    .require(queue >= 1, "queue", queue, ">= 1")
                    .require(candidates >= 1, "batchCandidates", candidates, ">= 1")
                    .require(!gather.isNegative(), "batchWait", gather, ">= 0")
                    .require(timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout, "> 0")
                    .throwIfAny();
        }
    }
}
