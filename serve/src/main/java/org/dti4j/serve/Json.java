package org.dti4j.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** The object that a request's body holds. */
    static JsonNode object(Context context, int mostBytes) {
        String type = context.contentType();
        if (type == null || !type.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
            throw new Problem(415, "Unsupported media type", "Content-Type must be application/json");
        }
        try {
            JsonNode node = MAPPER.readTree(bytes(context, mostBytes));
            if (node == null || !node.isObject()) {
                throw Problem.malformed("the body must be a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw Problem.malformed("the body is no JSON: " + e.getOriginalMessage());
        }
    }

    /** Counted as they come: a length may be missing, or wrong. */
    private static byte[] bytes(Context context, int most) {
        try {
            InputStream in = context.bodyInputStream();
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new Problem(413, "Content too large", "the body must have at most %d bytes".formatted(most));
            }
            return bytes;
        } catch (IOException e) {
            throw Problem.malformed("the body did not arrive whole");
        }
    }

    /** A list of ids, as texts or whole numbers. */
    static List<String> ids(JsonNode node, String where, int most) {
        if (!node.isArray() || node.isEmpty()) {
            throw Problem.invalid(List.of("%s must be a list of item ids, at least one".formatted(where)));
        }
        requireAtMost(node, where, most);
        List<String> ids = new ArrayList<>();
        for (JsonNode each : node) {
            JsonNode id = each.isObject() ? each.path("id") : each;
            if (!(id.isString() || id.isIntegralNumber())) {
                throw Problem.invalid(List.of("%s[%d] must be the id of an item".formatted(where, ids.size())));
            }
            ids.add(id.asString());
        }
        return ids;
    }

    static void requireAtMost(JsonNode list, String where, int most) {
        if (list.size() > most) {
            throw new Problem(
                    413,
                    "Content too large",
                    "%s has %d entries, must have at most %d".formatted(where, list.size(), most));
        }
    }

    private record Past(
            String item,
            boolean liked,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Double rating) {}

    /** A history as {@link org.dti4j.run.HistoryText} reads it. */
    static String text(List<Interaction> history) {
        return MAPPER.writeValueAsString(past(history));
    }

    /** The same, to be part of an answer. */
    static List<? extends Record> past(List<Interaction> history) {
        return history.stream()
                .map(each -> new Past(each.item(), each.liked(), Double.isNaN(each.rating()) ? null : each.rating()))
                .toList();
    }

    static void answer(Context context, int status, Object value) {
        context.status(status).contentType("application/json").result(MAPPER.writeValueAsBytes(value));
    }

    static void answer(Context context, Problem problem) {
        if (problem.status() == 429 || problem.status() == 503) {
            context.header("Retry-After", "1");
        }
        context.status(problem.status())
                .contentType("application/problem+json")
                .result(MAPPER.writeValueAsBytes(problem.document()));
    }
}
