package org.dti4j.checkpoint;

import org.dti4j.model.RopeScaling;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * RoPE as {@code config.json} states it: {@code rope_parameters} since transformers 5, {@code rope_theta} and {@code rope_scaling}
 * before. As in transformers, {@code rope_scaling} wins where both are there.
 */
record RopeSettings(double theta, @Nullable RopeScaling scaling) {
    private static final double DEFAULT_THETA = 10_000;

    static RopeSettings of(JsonSettings config, int contextTokens, FileProblems problems) {
        JsonSettings parameters = config.object("rope_scaling");
        if (parameters == null) {
            parameters = config.object("rope_parameters");
        }
        if (parameters == null) {
            parameters = config;
        }
        double theta = parameters.number("rope_theta", config.number("rope_theta", DEFAULT_THETA));
        double rotated = parameters.number("partial_rotary_factor", config.number("partial_rotary_factor", 1));
        problems.require(
                rotated == 1,
                "partial_rotary_factor = %s, must be 1: dti4j rotates whole heads only".formatted(rotated));
        return new RopeSettings(theta, scaling(config, parameters, contextTokens, problems));
    }

    private static @Nullable RopeScaling scaling(
            JsonSettings config, JsonSettings parameters, int contextTokens, FileProblems problems) {
        String type = parameters.text("rope_type");
        if (type == null && parameters != config) {
            type = parameters.text("type");
        }
        if (type == null && parameters != config && nestedByLayerType(parameters)) {
            problems.add("rope_parameters differ by layer type, must be the same for all layers");
            return null;
        }
        if (type == null || type.equals("default")) {
            return null;
        }
        if (!type.equals("llama3")) {
            problems.add(
                    ("%s = %s, must be default or llama3: dti4j does not compute other RoPE scalings, and without its scaling"
                                    + " the checkpoint would answer wrongly")
                            .formatted(parameters.name("rope_type"), type));
            return null;
        }
        int original = parameters.integer("original_max_position_embeddings", contextTokens);
        double factor = parameters.requiredNumber("factor");
        double low = parameters.requiredNumber("low_freq_factor");
        double high = parameters.requiredNumber("high_freq_factor");
        if (!problems.found().isEmpty()) {
            return null;
        }
        try {
            return new RopeScaling(factor, low, high, config.integer("original_max_position_embeddings", original));
        } catch (UserException e) {
            e.problems().forEach(problems::add);
            return null;
        }
    }

    private static boolean nestedByLayerType(JsonSettings parameters) {
        for (String layerType : new String[] {"full_attention", "sliding_attention"}) {
            JsonNode nested = parameters.value(layerType);
            if (nested.isObject()) {
                return true;
            }
        }
        return false;
    }
}
