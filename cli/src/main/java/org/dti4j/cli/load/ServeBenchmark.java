package org.dti4j.cli.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.dti4j.cli.load.LoadGenerator.Request;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.PromptTokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How fast a server answers, for stored users whose keys and values it keeps, and for histories that it has not seen. */
public final class ServeBenchmark {
    private static final int USERS = 20;
    private static final int DISTINCT_PROMPTS = 8;
    private static final double ROUNDING = 1e-4; // of a probability: batches are put together differently
    private static final JsonMapper JSON = JsonMapper.shared();

    private final LoadGenerator load;
    private final Queries queries;
    private final int clients;
    private final Duration each;

    /**
     * @param clients that ask at the same time
     * @param each how long each measure takes
     */
    public ServeBenchmark(LoadGenerator load, Queries queries, int clients, Duration each) {
        this.load = load;
        this.queries = queries;
        this.clients = clients;
        this.each = each;
    }

    /** Requests for stored users and few lists of candidates, with their answers from when nobody else asked. */
    public IntFunction<Request> ofStoredUsers(int candidates) {
        List<Request> known = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            String user = "bench%d-%d".formatted(candidates, i);
            load.post("/v1/users/%s/interactions".formatted(user), Queries.body(queries.history(i)));
            String body = Queries.body(user, queries.candidates(i, candidates));
            known.add(new Request("/v1/score", body, as(load.post("/v1/score", body))));
        }
        return i -> known.get(i % USERS);
    }

    private static Predicate<String> as(String expected) {
        double[] right = probabilities(expected);
        return body -> {
            double[] found = probabilities(body);
            return found.length == right.length
                    && IntStream.range(0, right.length).allMatch(i -> Math.abs(found[i] - right[i]) < ROUNDING);
        };
    }

    private static double[] probabilities(String body) {
        JsonNode list = JSON.readTree(body).path("probabilities");
        return IntStream.range(0, list.size())
                .mapToDouble(i -> list.get(i).asDouble())
                .toArray();
    }

    /** Of users whose keys and values are kept. */
    public Load cached(int candidates) {
        IntFunction<Request> requests = ofStoredUsers(candidates);
        warm(requests);
        return load.run(clients, each, requests);
    }

    /** Of histories that were never asked for. */
    public Load uncached(int candidates) {
        long first = System.nanoTime();
        IntFunction<Request> requests =
                i -> new Request("/v1/score", Queries.body(queries.query(first + 2L * i, candidates)), body -> true);
        warm(requests);
        return load.run(clients, each, i -> requests.apply(i + (1 << 20)));
    }

    private record Asked(List<int[]> prompts, int yes, int no) {}

    /** The same of a peer that is sent token ids of whole prompts. */
    public Load peer(LoadGenerator peer, ClickScorer scorer, int candidates) {
        List<Request> known = IntStream.range(0, DISTINCT_PROMPTS)
                .mapToObj(i -> {
                    PromptTokens tokens = scorer.prompts(queries.query(i, candidates));
                    String body = JSON.writeValueAsString(new Asked(tokens.prompts(), tokens.yes(), tokens.no()));
                    return new Request("/score", body, answer -> probabilities(answer).length == candidates);
                })
                .toList();
        IntFunction<Request> requests = i -> known.get(i % DISTINCT_PROMPTS);
        peer.run(1, Duration.ofMillis(1), requests);
        return peer.run(clients, each, requests);
    }

    private void warm(IntFunction<Request> requests) {
        load.run(clients, each.dividedBy(5), requests);
    }
}
