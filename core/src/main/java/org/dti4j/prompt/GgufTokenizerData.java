package org.dti4j.prompt;

import java.util.List;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file's metadata say about its tokenizer, under {@code tokenizer.ggml.}.
 *
 * @param model {@code model}: {@code gpt2} for byte-level BPE, {@code llama} for SentencePiece BPE
 * @param pre {@code pre}: the name of the rules by which text is split before BPE; empty when the file has none
 * @param tokens {@code tokens}, in the order of ids
 * @param types {@code token_type} of each token: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; may be empty
 * @param merges {@code merges}, each of two tokens with a space between; empty for SentencePiece
 * @param scores {@code scores} of each token; empty for byte-level BPE
 * @param bos {@code bos_token_id}; -1 when the file has none
 * @param unknown {@code unknown_token_id}; -1 when the file has none
 * @param addBos {@code add_bos_token}; null when the file has none
 * @param addSpacePrefix {@code add_space_prefix}; true when the file has none
 */
@SuppressWarnings("ArrayRecordComponent") // read once, right after it was made
public record GgufTokenizerData(
        String model,
        String pre,
        List<String> tokens,
        int[] types,
        List<String> merges,
        float[] scores,
        int bos,
        int unknown,
        @Nullable Boolean addBos,
        boolean addSpacePrefix) {
    public GgufTokenizerData {
        int size = tokens.size();
        Problems.in("tokenizer.ggml")
                .require(model.equals("gpt2") || model.equals("llama"), "model", model, "gpt2 or llama")
                .require(size > 0, "tokens", "[]", "a list of tokens")
                .require(
                        types.length == 0 || types.length == size,
                        "token_type",
                        types.length + " types",
                        "of " + size + " tokens")
                .require(
                        scores.length == 0 || scores.length == size,
                        "scores",
                        scores.length + " scores",
                        "of " + size + " tokens")
                .require(!model.equals("gpt2") || !merges.isEmpty(), "merges", "[]", "a list of merges")
                .require(
                        !model.equals("llama") || scores.length == size,
                        "scores",
                        scores.length + " scores",
                        "of " + size + " tokens")
                .require(bos < size, "bos_token_id", bos, "< " + size)
                .require(unknown < size, "unknown_token_id", unknown, "< " + size)
                .throwIfAny();
    }
}
