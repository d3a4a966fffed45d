package org.dti4j.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.dti4j.method.Method;
import org.dti4j.method.MethodBuilder;
import org.dti4j.method.Targets;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import tools.jackson.databind.JsonNode;

/** One entry of a golden {@code cases.json}: switches, a prompt and the tokens that answer it. */
record GoldenCase(String name, Method method, Prompt prompt, PromptVocabulary vocabulary) {
    static GoldenCase of(JsonNode json) {
        Method method = method(json.get("method").asString(), json.get("switches"));
        PromptVocabulary vocabulary = new PromptVocabulary(
                json.get("sum_id").asInt(),
                json.get("yes_id").asInt(),
                json.get("no_id").asInt());
        return new GoldenCase(json.get("method").asString(), method, prompt(json), vocabulary);
    }

    private static Prompt prompt(JsonNode json) {
        int[][] items = segments(json.get("items"));
        int firstTarget = json.get("first_target").asInt();
        boolean[] labels = new boolean[items.length];
        int[] ofTargets = ids(json.get("labels"));
        for (int target = 0; target < ofTargets.length; target++) {
            labels[firstTarget + target] = ofTargets[target] == 1;
        }
        return new Prompt(ids(json.get("prefix")), items, segments(json.get("feedbacks")), firstTarget, labels);
    }

    private static Method method(String name, JsonNode switches) {
        boolean sliding = name.equals("sliding-window");
        return MethodBuilder.builder()
                .name(sliding ? name : "dti")
                .context(switches.get("context").asInt())
                .targets(sliding ? new Targets(1) : Targets.ALL)
                .windowed(switches.get("windowed").asBoolean())
                .isolatedItems(switches.get("isolated_items").asBoolean())
                .sumPosition(Method.SumPosition.valueOf(upper(switches.get("sum_position"))))
                .sumHidden(switches.get("sum_hidden").asBoolean())
                .sumConsumesPosition(switches.get("sum_consumes_position").asBoolean())
                .alibiSlope(switches.get("alibi_slope").asDouble())
                .alibiHeads(Method.AlibiHeads.valueOf(upper(switches.get("alibi_heads"))))
                .alibiPrefixDistance(
                        switches.path("alibi_prefix_distance").asDouble(0)) // vectors from before have none
                .prefixAlways(switches.get("prefix_always").asBoolean())
                .prefixDistance(
                        switches.get("prefix_distance").isNull()
                                ? null
                                : (Double) switches.get("prefix_distance").asDouble())
                .reset(switches.get("reset").asBoolean())
                .resetMin(switches.get("reset_min").asDouble())
                .resetMax(switches.get("reset_max").asDouble())
                .resetTemperature(switches.get("reset_temperature").asDouble())
                .build();
    }

    private static String upper(JsonNode word) {
        return word.asString().toUpperCase(Locale.ROOT);
    }

    private static int[][] segments(JsonNode lists) {
        List<int[]> segments = new ArrayList<>();
        lists.forEach(list -> segments.add(ids(list)));
        return segments.toArray(int[][]::new);
    }

    private static int[] ids(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
