package org.dti4j.prompt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The spellings and ids that a {@code tokenizer.json} lists, which its native counterpart does not tell. */
final class TokenizerVocabulary {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_IDS = 1 << 24;

    private final Map<String, Integer> ids;
    private final @Nullable String[] tokens;
    private final List<String> added;

    private TokenizerVocabulary(Map<String, Integer> ids, List<String> added) {
        this.ids = ids;
        this.added = added;
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        tokens = new @Nullable String[size];
        ids.forEach((token, id) -> tokens[id] = token);
    }

    static TokenizerVocabulary parse(String where, String json) {
        JsonNode root = read(where, json);
        Map<String, Integer> ids = new HashMap<>();
        addModel(where, root.path("model").path("vocab"), ids);
        List<JsonNode> addedNodes = new ArrayList<>();
        root.path("added_tokens").forEach(addedNodes::add);
        addedNodes.sort(Comparator.comparingInt(node -> id(where, node.path("id"))));
        List<String> added = new ArrayList<>();
        for (JsonNode node : addedNodes) {
            String content = node.path("content").asString("");
            ids.put(content, id(where, node.path("id")));
            added.add(content);
        }
        if (ids.isEmpty()) {
            throw new UserException(
                    "%s: no vocabulary in it; it must be a tokenizer.json as Hugging Face writes it".formatted(where));
        }
        return new TokenizerVocabulary(ids, List.copyOf(added));
    }

    private static JsonNode read(String where, String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new UserException("%s: not JSON: %s".formatted(where, e.getOriginalMessage()), e);
        }
    }

    /** Unigram models list pairs of token and score in the order of ids, all others map tokens to ids. */
    private static void addModel(String where, JsonNode vocabulary, Map<String, Integer> ids) {
        if (vocabulary.isArray()) {
            for (int id = 0; id < vocabulary.size(); id++) {
                ids.put(vocabulary.get(id).path(0).asString(""), id);
            }
        } else {
            vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), id(where, entry.getValue())));
        }
    }

    /** Ids are places in a table, so a wild one would take the memory of a large vocabulary. */
    private static int id(String where, JsonNode id) {
        if (!id.isInt() || id.intValue() < 0 || id.intValue() >= MOST_IDS) {
            throw new UserException("%s: has the token id %s, must be an integer from 0 to %d"
                    .formatted(where, id.isMissingNode() ? "(none)" : id, MOST_IDS - 1));
        }
        return id.intValue();
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    String token(int id) {
        String token = id < 0 || id >= tokens.length ? null : tokens[id];
        if (token == null) {
            throw new IllegalArgumentException(
                    "no token has the id %d; ids run to %d".formatted(id, tokens.length - 1));
        }
        return token;
    }

    List<String> added() {
        return added;
    }

    int size() {
        return tokens.length;
    }
}
