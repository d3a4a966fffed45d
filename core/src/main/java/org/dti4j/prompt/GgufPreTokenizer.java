package org.dti4j.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/** The rules by which llama.cpp splits text before byte-level BPE, by their names in GGUF files ({@code tokenizer.ggml.pre}). */
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
enum GgufPreTokenizer {
    /** No name: llama.cpp's own default. */
    DEFAULT(
            List.of("default", ""),
            List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", Regex.GPT2, "\\p{N}+", "[0-9][0-9][0-9]"),
            false,
            false,
            false),
    GPT2(
            List.of("gpt-2", "gpt2", "mpt", "olmo", "jais", "phi-2", "roberta-bpe", "gigachat", "jina-es", "jina-de"),
            List.of(Regex.GPT2),
            false,
            false,
            false),
    SMOLLM(
            List.of("smollm", "starcoder", "refact", "command-r", "codeshell"),
            List.of("\\p{N}", Regex.GPT2),
            false,
            false,
            false),
    LLAMA3(
            List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "smaug-bpe", "dbrx"),
            List.of(Regex.cl100k("\\p{N}{1,3}")),
            false,
            true,
            true),
    QWEN2(
            List.of("qwen2", "deepseek-r1-qwen", "megrez", "stablelm2"),
            List.of(Regex.cl100k("\\p{N}")),
            true,
            false,
            false),
    TEKKEN(
            List.of("tekken"),
            List.of("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|"
                    + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|"
                    + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            false,
            true,
            true);

    /** Regular expressions in the syntax that tokenizers, llama.cpp and tiktoken share. */
    private static final class Regex {
        static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

        static String cl100k(String digits) {
            return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        }
    }

    private final List<String> names;
    private final List<String> splits;
    private final boolean composes;
    private final boolean ignoresMerges;
    private final boolean addsBos;

    GgufPreTokenizer(
            List<String> names, List<String> splits, boolean composes, boolean ignoresMerges, boolean addsBos) {
        this.names = names;
        this.splits = splits;
        this.composes = composes;
        this.ignoresMerges = ignoresMerges;
        this.addsBos = addsBos;
    }

    static GgufPreTokenizer named(String name) {
        return Arrays.stream(values())
                .filter(value -> value.names.contains(name))
                .findFirst()
                .orElseThrow(() -> new UserException("tokenizer.ggml.pre = %s, must be one of %s"
                        .formatted(
                                name,
                                Arrays.stream(values())
                                        .flatMap(value -> value.names.stream())
                                        .filter(known -> !known.isEmpty())
                                        .collect(Collectors.joining(", ")))));
    }

    /** Whether the model was trained on text in the composed form NFC. */
    boolean composes() {
        return composes;
    }

    /** Whether a piece that is a token as a whole stays whole, even where no merges lead to it. */
    boolean ignoresMerges() {
        return ignoresMerges;
    }

    /** Whether texts begin with BOS where the file does not say. */
    boolean addsBos() {
        return addsBos;
    }

    /** Each rule splits what the ones before left together; then bytes become the characters that stand for them. */
    Map<String, @Nullable Object> toJson() {
        Stream<Map<String, @Nullable Object>> rules =
                splits.stream().map(regex -> TokenizerJson.split(regex, "Isolated", false));
        List<Map<String, @Nullable Object>> steps = new ArrayList<>(rules.toList());
        steps.add(byteLevel());
        return TokenizerJson.sequence("pretokenizers", steps);
    }

    static Map<String, @Nullable Object> byteLevel() {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put("type", "ByteLevel");
        step.put("add_prefix_space", false);
        step.put("trim_offsets", true);
        step.put("use_regex", false);
        return step;
    }
}
