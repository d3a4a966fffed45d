package org.dti4j.prompt;

import java.util.List;
import java.util.OptionalInt;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file's metadata say about its tokenizer, under {@code tokenizer.ggml.}.
 *
 * @param model {@code gpt2} for byte-level BPE, {@code llama} for SentencePiece BPE
 * @param pre the name of the rules by which text is split before BPE; empty where the file is silent
 * @param tokens spellings, by id
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
    private static final String BYTE_LEVEL = "gpt2";
    private static final String SENTENCE_PIECE = "llama";

    public GgufTokenizerData {
        tokens = List.copyOf(tokens);
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
                .throwIfAny();
    }

    boolean isByteLevel() {
        return model.equals(BYTE_LEVEL);
    }

    boolean beginsWithSpace() {
        return addSpacePrefix == null || addSpacePrefix;
    }
}
