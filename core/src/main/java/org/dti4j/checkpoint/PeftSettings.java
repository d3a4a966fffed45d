package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code adapter_config.json} says. Everything that would change what the adapter computes and is not computed here is refused.
 *
 * @param targets names of modules, if they are given by name and not by a pattern
 * @param ranks by pattern of module paths
 * @param alphas by pattern of module paths
 * @param tokens ids whose rows of the embedding are stored, in the order of the rows
 * @param whole ends of the names of modules that are stored whole
 * @param keepsTying whether a head that is tied to the embedding stays so if that is stored whole
 */
record PeftSettings(
        int rank,
        double alpha,
        boolean rankStabilised,
        double dropout,
        @Nullable String baseModel,
        List<String> targets,
        Map<Pattern, Double> ranks,
        Map<Pattern, Double> alphas,
        List<Integer> tokens,
        List<String> whole,
        boolean keepsTying) {
    /** Settings that must be null, false or empty, with the reason. */
    private static final Map<String, String> REFUSED = refused();

    /** Ways to start an adapter that leave the base as it is; others (PiSSA, OLoRA, CorDA …) change it when they are loaded. */
    private static final Set<String> PLAIN_STARTS = Set.of("true", "false", "gaussian", "eva", "orthogonal");

    private static Map<String, String> refused() {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("use_dora", "DoRA's magnitudes are not computed");
        refused.put("lora_bias", "biases of adapters are not computed");
        refused.put("fan_in_fan_out", "no module of the Llama family stores its weight transposed");
        refused.put("layer_replication", "layers are not replicated");
        refused.put("target_parameters", "only linear modules have adapters");
        refused.put("alora_invocation_tokens", "adapters are active on all tokens");
        refused.put("use_qalora", "QALoRA is not computed");
        refused.put("use_bdlora", "block-diagonal LoRA is not computed");
        refused.put("arrow_config", "Arrow routing is not computed");
        refused.put("kasa_config", "KaSA is not computed");
        refused.put("monteclora_config", "MonteCLoRA is not computed");
        refused.put("velora_config", "VeLoRA is not computed");
        return refused;
    }

    static PeftSettings read(Path file, FileProblems problems) {
        JsonSettings json = JsonSettings.read(file, problems);
        refuseWhatIsNotComputed(json, problems);
        int rank = json.requiredInteger("r");
        double alpha = json.requiredNumber("lora_alpha");
        problems.require(rank >= 1, "r = %d, must be >= 1".formatted(rank));
        problems.require(json.has("target_modules"), "target_modules is missing");
        // a string is a regular expression, or the word all-linear: then the file of weights alone says which modules
        boolean named = json.value("target_modules").isArray();
        problems.require(
                named || json.value("target_modules").isString() || !json.has("target_modules"),
                "target_modules = %s, must be a list of names or a pattern"
                        .formatted(JsonSettings.shown(json.value("target_modules"))));
        return new PeftSettings(
                rank,
                alpha,
                json.flag("use_rslora", false),
                json.number("lora_dropout", 0),
                json.text("base_model_name_or_path"),
                named ? json.texts("target_modules") : List.of(),
                patterns("rank_pattern", json, problems),
                patterns("alpha_pattern", json, problems),
                tokens(json, problems),
                json.texts("modules_to_save"),
                json.flag("ensure_weight_tying", false));
    }

    private static void refuseWhatIsNotComputed(JsonSettings json, FileProblems problems) {
        String type = json.text("peft_type");
        problems.require("LORA".equals(type), "peft_type = %s, must be LORA".formatted(type));
        String bias = json.text("bias");
        problems.require(bias == null || bias.equals("none"), "bias = %s, must be none".formatted(bias));
        String start =
                json.has("init_lora_weights") ? json.value("init_lora_weights").asString("") : "true";
        problems.require(
                PLAIN_STARTS.contains(start),
                "init_lora_weights = %s, must be one of %s: others change the base's weights"
                        .formatted(start, PLAIN_STARTS));
        REFUSED.forEach((key, reason) -> {
            JsonNode value = json.value(key);
            boolean absent = value.isMissingNode()
                    || value.isNull()
                    || (value.isBoolean() && !value.booleanValue())
                    || (value.isContainer() && value.isEmpty());
            problems.require(absent, "%s = %s, must be absent: %s".formatted(key, JsonSettings.shown(value), reason));
        });
    }

    private static Map<Pattern, Double> patterns(String key, JsonSettings json, FileProblems problems) {
        Map<Pattern, Double> patterns = new LinkedHashMap<>();
        json.properties(key).forEach((pattern, value) -> {
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                problems.add("%s.%s = %s, must be a number".formatted(key, pattern, JsonSettings.shown(value)));
                return;
            }
            try {
                patterns.put(Pattern.compile("(.*\\.)?(" + pattern + ")"), value.doubleValue());
            } catch (PatternSyntaxException e) {
                problems.add("%s.%s: must be a regular expression: %s".formatted(key, pattern, e.getDescription()));
            }
        });
        return patterns;
    }

    /** Either a list of ids, which means the embedding, or lists by module. */
    private static List<Integer> tokens(JsonSettings json, FileProblems problems) {
        String key = "trainable_token_indices";
        JsonNode value = json.value(key);
        if (!value.isObject()) {
            return ids(key, value, problems);
        }
        List<Integer> tokens = new ArrayList<>();
        json.properties(key).forEach((module, ids) -> {
            if (module.equals("embed_tokens") || module.endsWith(".embed_tokens")) {
                tokens.addAll(ids(key + "." + module, ids, problems));
            } else {
                problems.add("%s.%s must be absent: only rows of embed_tokens can be trained".formatted(key, module));
            }
        });
        return tokens;
    }

    private static List<Integer> ids(String key, JsonNode value, FileProblems problems) {
        List<Integer> ids = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return ids;
        }
        for (JsonNode id : value) {
            if (!id.isInt() || id.intValue() < 0 || ids.contains(id.intValue())) {
                problems.add("%s has %s, must be token ids, each once".formatted(key, id));
                return ids;
            }
            ids.add(id.intValue());
        }
        problems.require(value.isArray(), "%s = %s, must be a list of token ids".formatted(key, value));
        return ids;
    }

    /** Whether a module is stored whole, as PEFT tells by the end of its name. */
    boolean isWhole(String module) {
        return whole.stream().anyMatch(module::endsWith);
    }

    double rankOf(String module) {
        return firstMatch("rank_pattern", ranks, module, rank);
    }

    double alphaOf(String module) {
        return firstMatch("alpha_pattern", alphas, module, alpha);
    }

    private static double firstMatch(String key, Map<Pattern, Double> patterns, String module, double otherwise) {
        return patterns.entrySet().stream()
                .filter(entry -> matches(key, entry.getKey(), module))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(otherwise);
    }

    private static boolean matches(String key, Pattern pattern, String module) {
        try {
            return pattern.matcher(new BoundedText(module)).matches();
        } catch (BoundedText.Exhausted e) {
            throw new UserException(
                    "%s.%s: must be a pattern that can be matched in reasonable time".formatted(key, pattern), e);
        }
    }
}
