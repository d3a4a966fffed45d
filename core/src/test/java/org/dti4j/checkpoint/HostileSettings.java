package org.dti4j.checkpoint;

import static org.dti4j.checkpoint.Hostile.Format.ADAPTER;
import static org.dti4j.checkpoint.Hostile.Format.CONFIG;
import static org.dti4j.checkpoint.Hostile.Format.INDEX;
import static org.dti4j.checkpoint.Hostile.Format.TOKENIZER;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dti4j.checkpoint.Hostile.Format;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Malformed settings: configurations of models and adapters, indexes of shards, tokenizers. */
final class HostileSettings {
    private static final List<String> WRONG_NUMBERS = List.of(
            "-1", "0", "1.5", "\"64\"", "[64]", "{}", "true", "1e400", "99999999999999999999", "-2147483649", "NaN");

    private HostileSettings() {}

    static Stream<Hostile> all() {
        List<Hostile> found = new ArrayList<>();
        for (Format format : List.of(CONFIG, INDEX, ADAPTER)) {
            notSettings(found, format);
        }
        config(found);
        index(found);
        adapter(found);
        tokenizer(found);
        return found.stream();
    }

    private static ObjectNode golden(String folder, String file) {
        try {
            return (ObjectNode) JsonMapper.shared()
                    .readTree(Files.readString(GoldenFolders.base("llama")
                            .resolve("..")
                            .resolve(folder)
                            .resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void notSettings(List<Hostile> found, Format format) {
        List<String> texts = List.of(
                "",
                " ",
                "[]",
                "1",
                "\"x\"",
                "{",
                "{\"a\":1,\"a\":2}",
                "{\"a\":",
                "[".repeat(50_000),
                "{\"a\":".repeat(50_000),
                "\u0000",
                "{\"a\":1}}",
                "{\"a\":01}");
        for (String text : texts) {
            String shown = text.length() > 20 ? text.substring(0, 20) + "…" : text.replace('\0', '0');
            found.add(Hostile.text("'%s' for settings".formatted(shown), format, text, "JSON|must be|missing|object"));
        }
        found.add(
                new Hostile("bytes that are no text", format, new byte[] {(byte) 0xc3, 0x28, (byte) 0xff}, "JSON|UTF"));
        found.add(new Hostile("UTF-16", format, "{}x".getBytes(StandardCharsets.UTF_16), "JSON|missing|must be"));
    }

    private static String with(ObjectNode json, String key, String raw) {
        ObjectNode copy = json.deepCopy();
        copy.put(key, "@@");
        return copy.toString().replace("\"@@\"", raw);
    }

    private static String without(ObjectNode json, String key) {
        ObjectNode copy = json.deepCopy();
        copy.remove(key);
        return copy.toString();
    }

    private static void config(List<Hostile> found) {
        ObjectNode json = golden("base", "config.json");
        for (String key :
                List.of("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")) {
            for (String value : WRONG_NUMBERS) {
                found.add(Hostile.text("%s = %s".formatted(key, value), CONFIG, with(json, key, value), ".*"));
            }
            found.add(Hostile.text("no " + key, CONFIG, without(json, key), key + " is missing"));
        }
        for (String key : List.of("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers")) {
            for (String value : List.of("2147483647", "1000000000")) {
                found.add(Hostile.text(
                        "%s = %s".formatted(key, value),
                        CONFIG,
                        with(json, key, value),
                        "shape|too few for|must be|multiple|heads"));
            }
        }
        for (String type : List.of("\"gpt2\"", "\"\"", "7", "null", "[\"llama\"]", "\"llama\\u0000\"")) {
            found.add(Hostile.text("model_type " + type, CONFIG, with(json, "model_type", type), "model_type"));
        }
        Map.of(
                        "hidden_act", "\"gelu\"",
                        "mlp_bias", "true",
                        "attention_bias", "true",
                        "quantization_config", "{\"bits\":4}",
                        "rms_norm_eps", "\"small\"",
                        "rope_theta", "\"large\"",
                        "tie_word_embeddings", "\"perhaps\"",
                        "num_key_value_heads", "3",
                        "head_dim", "-4")
                .forEach((key, value) -> found.add(Hostile.text(
                        "%s = %s".formatted(key, value),
                        CONFIG,
                        with(json, key, value),
                        key + "|keyValueHeads|headWidth|ropeTheta|heads")));
        found.add(Hostile.text(
                "an unknown rope",
                CONFIG,
                with(json, "rope_scaling", "{\"rope_type\":\"evil\",\"factor\":2}"),
                "rope"));
    }

    private static void index(List<Hostile> found) {
        String map = "{\"weight_map\":%s}";
        for (String value : List.of("{}", "[]", "null", "7", "\"x\"")) {
            found.add(Hostile.text("weight_map " + value, INDEX, map.formatted(value), "weight_map"));
        }
        for (String file : List.of(
                "\"../x.safetensors\"",
                "\"/etc/passwd\"",
                "\"a/b.safetensors\"",
                "\"..\\\\x.safetensors\"",
                "\"x.bin\"",
                "\"\"",
                "7",
                "null",
                "[]",
                "\"not-there.safetensors\"",
                "\"a\\u0000.safetensors\"")) {
            found.add(Hostile.text(
                    "weights in " + file,
                    INDEX,
                    map.formatted("{\"w\":%s}".formatted(file)),
                    Pattern.quote("weight_map.w = ")));
        }
    }

    private static void adapter(List<Hostile> found) {
        ObjectNode json = golden("adapter", "adapter_config.json");
        for (String key : List.of("r", "lora_alpha")) {
            for (String value : WRONG_NUMBERS) {
                boolean good = key.equals("lora_alpha")
                        && List.of("-1", "0", "1.5", "-2147483649", "99999999999999999999")
                                .contains(value);
                if (!good) {
                    found.add(Hostile.text("%s = %s".formatted(key, value), ADAPTER, with(json, key, value), ".*"));
                }
            }
            found.add(Hostile.text("no " + key, ADAPTER, without(json, key), key + " is missing"));
        }
        for (String key : List.of("rank_pattern", "alpha_pattern")) {
            for (String value :
                    List.of("{\"q_proj\":\"x\"}", "{\"q_proj\":null}", "{\"(\":1}", "[]", "7", "{\"q_proj\":[1]}")) {
                found.add(Hostile.text("%s = %s".formatted(key, value), ADAPTER, with(json, key, value), key));
            }
        }
        found.add(Hostile.text(
                "a rank of half", ADAPTER, with(json, "rank_pattern", "{\"q_proj\":0.5}"), "rank_pattern|shape"));
        found.add(Hostile.text(
                "a rank of nothing", ADAPTER, with(json, "rank_pattern", "{\"q_proj\":0}"), "rank_pattern|shape"));
        found.add(Hostile.text(
                "a pattern that takes for ever",
                ADAPTER,
                with(json, "rank_pattern", "{\"(([a-z_.0-9]+)+)+!\":4,\"r\":1}"),
                "rank_pattern"));
        for (String value : List.of(
                "[-1]",
                "[2,2]",
                "[\"2\"]",
                "7",
                "{\"lm_head\":[2]}",
                "[99999999999]",
                "{\"embed_tokens\":7}",
                "[null]",
                "[1.5]")) {
            found.add(Hostile.text(
                    "trainable_token_indices = " + value,
                    ADAPTER,
                    with(json, "trainable_token_indices", value),
                    "trainable_token_indices"));
        }
        for (String key : List.of("use_dora", "lora_bias", "use_qalora")) {
            found.add(Hostile.text(key, ADAPTER, with(json, key, "true"), key + " = true, must be absent"));
        }
        for (String value : List.of("7", "null", "{}")) {
            found.add(Hostile.text(
                    "target_modules = " + value, ADAPTER, with(json, "target_modules", value), "target_modules"));
        }
    }

    private static void tokenizer(List<Hostile> found) {
        String bpe =
                "{\"version\":\"1.0\",\"added_tokens\":%s,\"model\":{\"type\":\"BPE\",\"vocab\":%s,\"merges\":%s}}";
        List<String> texts = new ArrayList<>(List.of(
                "",
                "[]",
                "1",
                "{",
                "{}",
                "{\"model\":7}",
                "{\"model\":{}}",
                "{\"model\":{\"type\":\"Evil\"}}",
                "[".repeat(50_000)));
        for (String vocabulary : List.of(
                "[]",
                "7",
                "{\"a\":-1}",
                "{\"a\":\"x\"}",
                "{\"a\":1.5}",
                "{\"a\":99999999999}",
                "{\"a\":null}",
                "{\"a\":2147483647}",
                "{\"a\":1000000000}")) {
            texts.add(bpe.formatted("[]", vocabulary, "[]"));
        }
        for (String merges : List.of("[\"a b\"]", "7", "[7]", "[\"ab\"]", "[[\"a\"]]", "[[\"a\",\"b\",\"c\"]]")) {
            texts.add(bpe.formatted("[]", "{\"a\":0}", merges));
        }
        for (String added : List.of(
                "7",
                "[7]",
                "[{}]",
                "[{\"id\":-1,\"content\":\"x\"}]",
                "[{\"id\":\"0\",\"content\":\"x\"}]",
                "[{\"id\":5}]")) {
            texts.add(bpe.formatted(added, "{\"a\":0}", "[]"));
        }
        for (String text : texts) {
            String shown = text.length() > 120 ? text.substring(0, 60) + "…" : text;
            found.add(Hostile.text(shown, TOKENIZER, text, "tokenizer|JSON"));
        }
    }
}
