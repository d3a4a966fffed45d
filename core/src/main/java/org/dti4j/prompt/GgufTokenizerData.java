package org.dti4j.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file's metadata say about its tokenizer, under {@code tokenizer.ggml.}.
 *
 * @param model {@code gpt2} for byte-level BPE, {@code llama} for SentencePiece BPE
 * @param pre the name of the rules by which text is split before BPE; empty where the file is silent
 * @param tokens spellings, by id, each of its own; empty ones are spelt {@code [EMPTY_id]}, as llama.cpp does
 * @param types by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; empty where the file is silent
 * @param merges pairs separated by a space, in the order of their rank; empty for SentencePiece
 * @param scores by id, of SentencePiece; empty for byte-level BPE
 * @param bos id of the token that begins a text
 * @param unknown id of the token for what has none
 * @param addBos whether texts begin with BOS; null where the file is silent
 * @param addSpacePrefix whether SentencePiece texts begin with a space; null where the file is silent, which means true
 */
public record GgufTokenizerData(
        String model,
        String pre,
        List<String> tokens,
        List<Integer> types,
        List<String> merges,
        List<Float> scores,
        OptionalInt bos,
        OptionalInt unknown,
        @Nullable Boolean addBos,
        @Nullable Boolean addSpacePrefix) {
    /** Every way to cut a token in two is tried; those of published vocabularies have at most some hundred letters. */
    private static final int LONGEST_TOKEN = 1024;

    private static final String BYTE_LEVEL = "gpt2";
    private static final String SENTENCE_PIECE = "llama";

    public GgufTokenizerData {
        tokens = spelt(tokens);
        String repeated = repeated(tokens);
        int longest = longest(tokens);
        types = List.copyOf(types);
        merges = List.copyOf(merges);
        scores = List.copyOf(scores);
        int size = tokens.size();
        Problems.in("tokenizer.ggml")
                .require(
                        model.equals(BYTE_LEVEL) || model.equals(SENTENCE_PIECE),
                        "model",
                        model,
                        BYTE_LEVEL + " or " + SENTENCE_PIECE)
                .require(size > 0, "tokens", tokens, "a list of tokens")
                .require(types.isEmpty() || types.size() == size, "token_type", types.size() + " types", "of " + size)
                .require(
                        scores.size() == size || (scores.isEmpty() && !model.equals(SENTENCE_PIECE)),
                        "scores",
                        scores.size() + " scores",
                        "of " + size)
                .require(!model.equals(BYTE_LEVEL) || !merges.isEmpty(), "merges", merges, "a list of pairs")
                .require(bos.orElse(0) >= 0 && bos.orElse(0) < size, "bos_token_id", bos, "in [0, " + size + ")")
                .require(
                        unknown.orElse(0) >= 0 && unknown.orElse(0) < size,
                        "unknown_token_id",
                        unknown,
                        "in [0, " + size + ")")
                .require(repeated.isEmpty(), "tokens", repeated, "spelt differently each")
                .require(
                        longest <= LONGEST_TOKEN,
                        "tokens",
                        "one of %,d letters".formatted(longest),
                        "of at most %,d letters each".formatted(LONGEST_TOKEN))
                .throwIfAny();
    }

    private static List<String> spelt(List<String> tokens) {
        List<String> spelt = new ArrayList<>(tokens);
        for (int id = 0; id < spelt.size(); id++) {
            if (spelt.get(id).isEmpty()) {
                spelt.set(id, "[EMPTY_%d]".formatted(id));
            }
        }
        return List.copyOf(spelt);
    }

    /** Two tokens that are spelt alike, so that their ids could not be told apart, in words; empty if there are none. */
    private static String repeated(List<String> tokens) {
        Map<String, Integer> seen = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            Integer earlier = seen.putIfAbsent(tokens.get(id), id);
            if (earlier != null) {
                return "%d and %d alike".formatted(earlier, id);
            }
        }
        return "";
    }

    private static int longest(List<String> tokens) {
        return tokens.stream().mapToInt(String::length).max().orElse(0);
    }

    boolean isByteLevel() {
        return model.equals(BYTE_LEVEL);
    }

    boolean beginsWithSpace() {
        return addSpacePrefix == null || addSpacePrefix;
    }
}
