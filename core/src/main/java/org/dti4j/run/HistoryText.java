package org.dti4j.run;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.problem.UserException;
import org.dti4j.score.Interaction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A history as JSON: {@code [{"item": "12", "liked": true}, …]}, oldest first, {@code "rating": 4} where prompts say it. */
public final class HistoryText {
    private static final JsonMapper JSON = new JsonMapper();

    private HistoryText() {}

    /**
     * Reads a list; a blank text is an empty one.
     *
     * @throws UserException if the text is no such list
     */
    public static List<Interaction> parse(String text) {
        try {
            return text.isBlank() ? List.of() : of("history", JSON.readTree(text));
        } catch (JacksonException e) {
            throw new UserException("history is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The interactions of a JSON list.
     *
     * @param where names it in messages
     * @throws UserException if the node is no such list
     */
    public static List<Interaction> of(String where, JsonNode node) {
        if (!node.isArray()) {
            throw new UserException(
                    "%s must be a list of interactions such as {\"item\": \"12\", \"liked\": true}".formatted(where));
        }
        List<Interaction> history = new ArrayList<>();
        for (JsonNode each : node) {
            history.add(interaction("%s[%d]".formatted(where, history.size()), each));
        }
        return history;
    }

    /** One of them. */
    public static Interaction interaction(String where, JsonNode node) {
        JsonNode item = node.path("item");
        JsonNode liked = node.path("liked");
        JsonNode rating = node.path("rating");
        if (!(item.isString() || item.isIntegralNumber())) {
            throw new UserException("%s.item must be the id of an item".formatted(where));
        }
        if (!liked.isBoolean()) {
            throw new UserException("%s.liked must be true or false".formatted(where));
        }
        if (!(rating.isMissingNode() || rating.isNull() || rating.isNumber())) {
            throw new UserException("%s.rating must be a number".formatted(where));
        }
        return new Interaction(item.asString(), liked.asBoolean(), rating.isNumber() ? rating.asDouble() : Double.NaN);
    }
}
