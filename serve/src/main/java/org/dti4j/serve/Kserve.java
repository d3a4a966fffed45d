package org.dti4j.serve;

import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dti4j.problem.UserException;
import org.dti4j.run.HistoryText;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** KServe's inference protocol, version 2, over JSON: one model that takes a history and candidates and gives probabilities. */
final class Kserve {
    static final String MODEL = "dti";

    private final ServeConfig.Limits limits;
    private final Scoring scoring;

    Kserve(ServeConfig.Limits limits, Scoring scoring) {
        this.limits = limits;
        this.scoring = scoring;
    }

    private record Server(String name, String version, List<String> extensions) {}

    private record Tensor(String name, String datatype, List<Integer> shape) {}

    private record Model(
            String name, List<String> versions, String platform, List<Tensor> inputs, List<Tensor> outputs) {}

    private record Output(String name, String datatype, List<Integer> shape, List<Double> data) {}

    private record Inference(String model_name, @Nullable String id, List<Output> outputs) {}

    void server(Context context) {
        Json.answer(context, 200, new Server("dti4j", "1", List.of()));
    }

    void live(Context context) {
        Json.answer(context, 200, Map.of("live", true));
    }

    void model(Context context) {
        requireModel(context);
        Json.answer(
                context,
                200,
                new Model(
                        MODEL,
                        List.of("1"),
                        "dti4j",
                        List.of(
                                new Tensor("history", "BYTES", List.of(1)),
                                new Tensor("candidates", "BYTES", List.of(-1))),
                        List.of(new Tensor("probabilities", "FP64", List.of(-1)))));
    }

    void ready(Context context) {
        requireModel(context);
        Json.answer(context, 200, Map.of("name", MODEL, "ready", true));
    }

    /** POST /v2/models/dti/infer. */
    void infer(Context context) {
        requireModel(context);
        JsonNode body = Json.object(context, limits.bodyBytes());
        JsonNode history = data(body, "history");
        if (history.size() != 1 || !history.get(0).isString()) {
            throw Problem.invalid(List.of("input history must hold one text, the history as JSON"));
        }
        List<Interaction> interactions;
        try {
            interactions = HistoryText.parse(history.get(0).asString());
        } catch (UserException e) {
            throw Problem.invalid(e.problems());
        }
        if (interactions.size() > limits.history()) {
            throw new Problem(
                    413, "Content too large", "history must have at most %d entries".formatted(limits.history()));
        }
        List<String> candidates = Json.ids(data(body, "candidates"), "candidates", limits.candidates());
        JsonNode id = body.path("id");
        scoring.answer(
                context,
                new Asked(new Asked.Past(interactions, false), candidates),
                (scores, at) -> Json.answer(
                        context,
                        200,
                        new Inference(
                                MODEL,
                                id.isString() ? id.asString() : null,
                                List.of(new Output(
                                        "probabilities", "FP64", List.of(scores.length), Scoring.boxed(scores))))));
    }

    private static JsonNode data(JsonNode body, String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode input : body.path("inputs")) {
            if (input.path("name").isString()
                    && Objects.equals(input.path("name").asString(), name)) {
                found.add(input);
            }
        }
        if (found.size() != 1 || !found.get(0).path("data").isArray()) {
            throw Problem.invalid(List.of("inputs must have one named %s, with data".formatted(name)));
        }
        return found.get(0).path("data");
    }

    private static void requireModel(Context context) {
        if (!context.pathParam("model").equals(MODEL)) {
            throw new Problem(404, "Unknown model", "the one model here is " + MODEL);
        }
    }
}
