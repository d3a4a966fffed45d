package org.dti4j.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes a {@code tokenizer.json} as the Hugging Face library reads it: the parts that our two sources need. */
final class TokenizerJson {
    private final List<Map<String, @Nullable Object>> addedTokens = new ArrayList<>();
    private final Map<String, @Nullable Object> parts = new LinkedHashMap<>();

    TokenizerJson() {
        parts.put("version", "1.0");
        parts.put("truncation", null);
        parts.put("padding", null);
        parts.put("added_tokens", addedTokens);
        parts.put("normalizer", null);
        parts.put("pre_tokenizer", null);
        parts.put("post_processor", null);
        parts.put("decoder", null);
    }

    TokenizerJson addToken(int id, String content, boolean special) {
        Map<String, @Nullable Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", content);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", special);
        addedTokens.add(token);
        return this;
    }

    TokenizerJson normalizer(Map<String, @Nullable Object> normalizer) {
        parts.put("normalizer", normalizer);
        return this;
    }

    TokenizerJson preTokenizer(Map<String, @Nullable Object> preTokenizer) {
        parts.put("pre_tokenizer", preTokenizer);
        return this;
    }

    TokenizerJson decoder(Map<String, @Nullable Object> decoder) {
        parts.put("decoder", decoder);
        return this;
    }

    TokenizerJson model(Map<String, @Nullable Object> model) {
        parts.put("model", model);
        return this;
    }

    /** Puts one token before every text for which special tokens are asked. */
    TokenizerJson beginning(String token, int id) {
        Map<String, @Nullable Object> sequenceA = Map.of("Sequence", ordered("id", "A", "type_id", 0));
        Map<String, @Nullable Object> sequenceB = Map.of("Sequence", ordered("id", "B", "type_id", 1));
        Map<String, @Nullable Object> special = Map.of("SpecialToken", ordered("id", token, "type_id", 0));
        Map<String, @Nullable Object> processor = new LinkedHashMap<>();
        processor.put("type", "TemplateProcessing");
        processor.put("single", List.of(special, sequenceA));
        processor.put("pair", List.of(special, sequenceA, sequenceB));
        processor.put(
                "special_tokens", Map.of(token, ordered("id", token, "ids", List.of(id), "tokens", List.of(token))));
        parts.put("post_processor", processor);
        return this;
    }

    static Map<String, @Nullable Object> sequence(String key, List<Map<String, @Nullable Object>> steps) {
        return ordered("type", "Sequence", key, steps);
    }

    /** Splits at what a regular expression matches; {@code invert}: at what it does not match. */
    static Map<String, @Nullable Object> split(String regex, String behavior, boolean invert) {
        return ordered("type", "Split", "pattern", Map.of("Regex", regex), "behavior", behavior, "invert", invert);
    }

    /** A map in the order of its arguments: key, value, key, value ... */
    static Map<String, @Nullable Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    @Override
    public String toString() {
        return JsonMapper.shared().writeValueAsString(parts);
    }
}
