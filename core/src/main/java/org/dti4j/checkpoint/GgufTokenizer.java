package org.dti4j.checkpoint;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer as a GGUF file states it, under {@code tokenizer.ggml}.
 *
 * @param model {@code gpt2} for byte-level BPE, {@code llama} for SentencePiece
 * @param pre which way to split text before BPE, for instance {@code smollm}; empty where the file is silent
 * @param tokens spellings, by id
 * @param types by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; empty where the file is silent
 * @param scores by id, of SentencePiece; empty where the file is silent
 * @param merges pairs separated by a blank, in the order of their rank
 * @param addBos whether BOS is put in front of a text, or null where the file is silent
 * @param addEos whether EOS is put behind a text, or null where the file is silent
 * @param addSpacePrefix whether a blank is put in front of a text, or null where the file is silent
 */
public record GgufTokenizer(
        String model,
        String pre,
        List<String> tokens,
        List<Integer> types,
        List<Float> scores,
        List<String> merges,
        OptionalInt bos,
        OptionalInt eos,
        OptionalInt unknown,
        OptionalInt padding,
        @Nullable Boolean addBos,
        @Nullable Boolean addEos,
        @Nullable Boolean addSpacePrefix) {
    public GgufTokenizer {
        tokens = List.copyOf(tokens);
        types = List.copyOf(types);
        scores = List.copyOf(scores);
        merges = List.copyOf(merges);
    }
}
