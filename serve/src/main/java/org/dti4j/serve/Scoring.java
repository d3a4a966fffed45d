package org.dti4j.serve;

import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.dti4j.problem.UserException;
import org.dti4j.run.HistoryText;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The endpoints under /v1: what requests say, and what is answered. */
final class Scoring {
    private static final int LONGEST_USER = 200;

    private final ServeConfig.Limits limits;
    private final Models models;
    private final Items items;
    private final Users users;
    private final Batcher batcher;
    private final Executor answers;

    /** @param answers writes what is answered: a client that reads slowly must not hold up the batches */
    Scoring(ServeConfig.Limits limits, Models models, Users users, Batcher batcher, Executor answers) {
        this.limits = limits;
        this.models = models;
        items = new Items(models);
        this.users = users;
        this.batcher = batcher;
        this.answers = answers;
    }

    private record Scores(List<Double> probabilities, double milliseconds) {}

    /** POST /v1/score. */
    void score(Context context) {
        JsonNode body = Json.object(context, limits.bodyBytes());
        List<String> candidates = Json.ids(body.path("candidates"), "candidates", limits.candidates());
        Asked asked = new Asked(past(body, "history", "user"), candidates);
        long start = System.nanoTime();
        answer(
                context,
                asked,
                (probabilities, answered) ->
                        Json.answer(context, 200, new Scores(boxed(probabilities), (answered - start) / 1e6)));
    }

    /** Scores what is asked; the answer is written when its batch is done. */
    void answer(Context context, Asked asked, BiConsumer<double[], Long> writer) {
        models.with(scorer -> {
            scorer.check(asked.to(scorer));
            return true;
        });
        CompletableFuture<double[]> answer = batcher.submit(asked, WatchedConnector.gone(context));
        context.future(() -> answer.handleAsync(
                (probabilities, failure) -> {
                    if (failure == null) {
                        writer.accept(probabilities, System.nanoTime());
                    } else {
                        throw new CompletionException(told(failure));
                    }
                    return probabilities;
                },
                answers));
    }

    private static Throwable told(Throwable failure) {
        return failure instanceof TimeoutException
                ? new Problem(503, "Timed out", "the request waited too long for its turn")
                : failure;
    }

    static List<Double> boxed(double[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .mapToObj(i -> probabilities[i])
                .toList();
    }

    /** The history that a request names: written out, or that of a user. */
    private Asked.Past past(JsonNode body, String written, String user) {
        JsonNode list = body.path(written);
        JsonNode id = body.path(user);
        if (list.isMissingNode() == id.isMissingNode()) {
            throw Problem.invalid(List.of("either %s or %s must be given".formatted(written, user)));
        }
        return list.isMissingNode() ? ofUser(id) : written(written, list);
    }

    private Asked.Past written(String where, JsonNode list) {
        return new Asked.Past(interactions(where, list), false);
    }

    private List<Interaction> interactions(String where, JsonNode list) {
        Json.requireAtMost(list, where, limits.history());
        try {
            return HistoryText.of(where, list);
        } catch (UserException e) {
            throw Problem.invalid(e.problems());
        }
    }

    private Asked.Past ofUser(JsonNode id) {
        return new Asked.Past(known(id.isString() || id.isIntegralNumber() ? id.asString() : ""), true);
    }

    private List<Interaction> known(String user) {
        List<Interaction> history = users.history(user);
        if (history == null) {
            throw new Problem(404, "Unknown user", "no interactions of this user are kept; they may have been evicted");
        }
        return history;
    }

    private static String user(Context context) {
        String user = context.pathParam("id");
        if (user.isBlank() || user.length() > LONGEST_USER) {
            throw Problem.invalid(List.of("the user's id must have 1 to %d letters".formatted(LONGEST_USER)));
        }
        return user;
    }

    private record Kept(String user, int interactions) {}

    /** POST /v1/users/{id}/interactions. */
    void append(Context context) {
        String user = user(context);
        JsonNode body = Json.object(context, limits.bodyBytes());
        List<Interaction> added;
        try {
            added = body.has("interactions")
                    ? interactions("interactions", body.path("interactions"))
                    : List.of(HistoryText.interaction("interaction", body));
        } catch (UserException e) {
            throw Problem.invalid(e.problems());
        }
        int keep = models.with(scorer -> {
            scorer.check(new Query(added, List.of()));
            return scorer.context();
        });
        Json.answer(context, 200, new Kept(user, users.append(user, added, keep)));
    }

    private record History(String user, List<? extends Record> interactions) {}

    /** GET /v1/users/{id}/interactions. */
    void history(Context context) {
        String user = user(context);
        Json.answer(context, 200, new History(user, Json.past(known(user))));
    }

    /** DELETE /v1/users/{id}. */
    void forget(Context context) {
        if (!users.remove(user(context))) {
            throw new Problem(404, "Unknown user", "no interactions of this user are kept");
        }
        context.status(204);
    }

    private record Ranked(
            int index, double relevance_score, @Nullable Document document) {}

    private record Document(String id, String text) {}

    private record Ranking(List<Ranked> results) {}

    /** POST /v1/rerank: the query is a user's id or a history, the documents are items. */
    void rerank(Context context) {
        JsonNode body = Json.object(context, limits.bodyBytes());
        List<String> documents = Json.ids(body.path("documents"), "documents", limits.candidates());
        JsonNode asked = body.path("query");
        Asked.Past past = asked.isArray() ? written("query", asked) : ofUser(asked);
        JsonNode top = body.path("top_n");
        if (!(top.isMissingNode() || top.isNull() || (top.isInt() && top.asInt() >= 1))) {
            throw Problem.invalid(List.of("top_n must be a whole number >= 1"));
        }
        int most = top.isInt() ? top.asInt() : documents.size();
        boolean withTexts = body.path("return_documents").asBoolean(false);
        answer(
                context,
                new Asked(past, documents),
                (scores, at) -> Json.answer(
                        context,
                        200,
                        new Ranking(IntStream.range(0, scores.length)
                                .boxed()
                                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                                .limit(most)
                                .map(i -> new Ranked(i, scores[i], withTexts ? document(documents.get(i)) : null))
                                .toList())));
    }

    private Document document(String id) {
        return new Document(id, items.title(id));
    }

    private record Reloaded(long loads) {}

    /** POST /v1/admin/reload. */
    void reload(Context context) {
        Json.object(context, limits.bodyBytes());
        try {
            Json.answer(context, 200, new Reloaded(models.reload()));
        } catch (UserException e) { // nothing is wrong with the request
            throw new Problem(
                    409,
                    "Not reloaded",
                    "the run folder cannot be opened, the old model goes on: " + String.join("; ", e.problems()),
                    e.problems());
        }
    }
}
