package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object of settings; what is missing or of the wrong kind is noted among the file's problems. */
final class JsonSettings {
    /** Settings and indexes take kilobytes; whatever is larger is not one. */
    private static final long MAX_BYTES = 64L << 20;

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String prefix;
    private final JsonNode node;
    private final FileProblems problems;

    private JsonSettings(String prefix, JsonNode node, FileProblems problems) {
        this.prefix = prefix;
        this.node = node;
        this.problems = problems;
    }

    static JsonSettings read(Path file, FileProblems problems) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new UserException(
                        "%s: has %d bytes, must be at most %d for a file of settings".formatted(file, size, MAX_BYTES));
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new UserException(file + ": is not a JSON object");
            }
            return new JsonSettings("", node, problems);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new UserException("%s: is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** Whether the key is there with another value than null. */
    boolean has(String key) {
        JsonNode value = node.get(key);
        return value != null && !value.isNull();
    }

    JsonNode value(String key) {
        return node.path(key);
    }

    String name(String key) {
        return prefix + key;
    }

    int requiredInteger(String key) {
        if (!has(key)) {
            problems.add("%s is missing".formatted(name(key)));
            return 1;
        }
        return integer(key, 1);
    }

    int integer(String key, int otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        // some configurations write whole numbers as 8192.0
        if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
            double number = value.doubleValue();
            if (Math.abs(number) <= Integer.MAX_VALUE) {
                return (int) number;
            }
        }
        return wrong(key, "an integer of 32 bits", otherwise);
    }

    double requiredNumber(String key) {
        if (!has(key)) {
            problems.add("%s is missing".formatted(name(key)));
            return 1;
        }
        return number(key, 1);
    }

    double number(String key, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        boolean good = value.isNumber() && Double.isFinite(value.doubleValue());
        return good ? value.doubleValue() : wrong(key, "a number", otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.path(key);
        return value.isBoolean() ? value.booleanValue() : wrong(key, "true or false", otherwise);
    }

    @Nullable
    String text(String key) {
        if (!has(key)) {
            return null;
        }
        JsonNode value = node.path(key);
        return value.isString() ? value.stringValue() : wrong(key, "a string", "");
    }

    /** The object under a key, or null where there is none. */
    @Nullable
    JsonSettings object(String key) {
        if (!has(key)) {
            return null;
        }
        JsonNode value = node.path(key);
        if (!value.isObject()) {
            wrong(key, "an object", key);
            return null;
        }
        return new JsonSettings(name(key) + ".", value, problems);
    }

    /** The strings of an array; a single string counts as an array of one. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonNode value = node.path(key);
        if (value.isString()) {
            texts.add(value.stringValue());
        } else if (has(key)) {
            boolean allStrings = value.isArray();
            for (JsonNode element : value) {
                allStrings &= element.isString();
                texts.add(element.asString(""));
            }
            if (!allStrings) {
                wrong(key, "a list of strings", texts);
            }
        }
        return texts;
    }

    /** The properties of the object under a key, in their order; none where there is none. */
    Map<String, JsonNode> properties(String key) {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        if (has(key)) {
            JsonNode value = node.path(key);
            if (!value.isObject()) {
                return wrong(key, "an object", properties);
            }
            for (String name : value.propertyNames()) {
                properties.put(name, value.path(name));
            }
        }
        return properties;
    }

    private <T> T wrong(String key, String mustBe, T otherwise) {
        problems.add("%s = %s, must be %s".formatted(name(key), shown(node.path(key)), mustBe));
        return otherwise;
    }

    /** A value as a message tells it: files of settings may hold megabytes. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
