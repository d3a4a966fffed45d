package org.dti4j.cli.load;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import tools.jackson.databind.json.JsonMapper;

/** Queries drawn from a catalogue; equal seeds draw equal ones. */
public final class Queries {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<String> items;
    private final int context;

    /** @param context interactions of each history */
    public Queries(List<String> items, int context) {
        this.items = List.copyOf(items);
        this.context = context;
    }

    /** A history and candidates. */
    public Query query(long seed, int candidates) {
        return new Query(history(seed), candidates(seed + 1, candidates));
    }

    List<Interaction> history(long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, context)
                .mapToObj(i -> new Interaction(item(random), random.nextBoolean(), 1 + random.nextInt(5)))
                .toList();
    }

    List<String> candidates(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count).mapToObj(i -> item(random)).toList();
    }

    private String item(Random random) {
        return items.get(random.nextInt(items.size()));
    }

    private record Written(List<Interaction> history, List<String> candidates) {}

    private record OfUser(String user, List<String> candidates) {}

    private record Appended(List<Interaction> interactions) {}

    /** A request's body, the history written out. */
    static String body(Query query) {
        return JSON.writeValueAsString(new Written(query.history(), query.candidates()));
    }

    static String body(String user, List<String> candidates) {
        return JSON.writeValueAsString(new OfUser(user, candidates));
    }

    static String body(List<Interaction> appended) {
        return JSON.writeValueAsString(new Appended(appended));
    }
}
