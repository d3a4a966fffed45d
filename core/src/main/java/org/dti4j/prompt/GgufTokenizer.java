package org.dti4j.prompt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the tokenizer of a GGUF file into the {@code tokenizer.json} that the checkpoint had before it became GGUF, so that
 * one library tokenises for all checkpoints.
 */
public final class GgufTokenizer {
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNKNOWN = 2;
    private static final String SPACE = "\u2581";

    private GgufTokenizer() {}

    /**
     * Converts.
     *
     * @return the text of a {@code tokenizer.json}, for {@link HuggingFaceTokenizer#parse}
     * @throws org.dti4j.problem.UserException when the rules for splitting text are unknown
     */
    public static String toJson(GgufTokenizerData data) {
        TokenizerJson json = data.isByteLevel() ? byteLevel(data) : sentencePiece(data);
        for (int id = 0; id < data.types().size(); id++) {
            int type = data.types().get(id);
            if (type == CONTROL || type == USER_DEFINED || type == UNKNOWN) {
                json.addToken(id, data.tokens().get(id), type != USER_DEFINED);
            }
        }
        return json.toString();
    }

    private static TokenizerJson byteLevel(GgufTokenizerData data) {
        GgufPreTokenizer pre = GgufPreTokenizer.named(data.pre());
        TokenizerJson json = new TokenizerJson().preTokenizer(pre.toJson()).decoder(GgufPreTokenizer.byteLevel());
        if (pre.composes()) {
            json.normalizer(Map.of("type", "NFC"));
        }
        addBeginning(data, pre.addsBos(), json);
        return json.model(bpe(data, data.merges(), pre.ignoresMerges(), false, null));
    }

    private static TokenizerJson sentencePiece(GgufTokenizerData data) {
        Map<String, @Nullable Object> spaces = replace(" ", SPACE);
        TokenizerJson json = new TokenizerJson()
                .normalizer(
                        data.beginsWithSpace()
                                ? TokenizerJson.sequence(
                                        "normalizers",
                                        List.of(TokenizerJson.ordered("type", "Prepend", "prepend", SPACE), spaces))
                                : spaces)
                .decoder(TokenizerJson.sequence("decoders", sentencePieceDecoders(data.beginsWithSpace())));
        addBeginning(data, true, json);
        String unknown =
                data.unknown().isPresent() ? data.tokens().get(data.unknown().getAsInt()) : null;
        return json.model(bpe(data, mergesOf(data), false, true, unknown));
    }

    private static List<Map<String, @Nullable Object>> sentencePieceDecoders(boolean spacePrefix) {
        List<Map<String, @Nullable Object>> steps =
                new ArrayList<>(List.of(replace(SPACE, " "), Map.of("type", "ByteFallback"), Map.of("type", "Fuse")));
        if (spacePrefix) {
            steps.add(TokenizerJson.ordered("type", "Strip", "content", " ", "start", 1, "stop", 0));
        }
        return steps;
    }

    private static Map<String, @Nullable Object> replace(String from, String to) {
        return TokenizerJson.ordered("type", "Replace", "pattern", Map.of("String", from), "content", to);
    }

    private static void addBeginning(GgufTokenizerData data, boolean usual, TokenizerJson json) {
        Boolean said = data.addBos();
        if (data.bos().isPresent() && (said == null ? usual : said)) {
            int bos = data.bos().getAsInt();
            json.beginning(data.tokens().get(bos), bos);
        }
    }

    private static Map<String, Integer> ids(GgufTokenizerData data) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < data.tokens().size(); id++) {
            ids.put(data.tokens().get(id), id);
        }
        return ids;
    }

    private static Map<String, @Nullable Object> bpe(
            GgufTokenizerData data,
            List<String> merges,
            boolean ignoreMerges,
            boolean byteFallback,
            @Nullable String unknown) {
        Map<String, Integer> ids = ids(data);
        return TokenizerJson.ordered(
                "type",
                "BPE",
                "dropout",
                null,
                "unk_token",
                unknown,
                "continuing_subword_prefix",
                null,
                "end_of_word_suffix",
                null,
                "fuse_unk",
                unknown != null,
                "byte_fallback",
                byteFallback,
                "ignore_merges",
                ignoreMerges,
                "vocab",
                ids,
                "merges",
                merges);
    }

    private record Merge(String left, String right, float score, int leftId, int rightId) {}

    /**
     * SentencePiece merges the pair whose joined token has the highest score. BPE merges the pair that comes first in a list:
     * so the list has every way to split a token in two, highest score of the whole first.
     */
    private static List<String> mergesOf(GgufTokenizerData data) {
        Map<String, Integer> ids = ids(data);
        List<Merge> merges = new ArrayList<>();
        ids.forEach((token, id) -> {
            for (int cut = 1; cut < token.length(); cut++) {
                Integer left = ids.get(token.substring(0, cut));
                Integer right = ids.get(token.substring(cut));
                if (left != null && right != null) {
                    merges.add(new Merge(
                            token.substring(0, cut),
                            token.substring(cut),
                            data.scores().get(id),
                            left,
                            right));
                }
            }
        });
        merges.sort(Comparator.comparing(Merge::score)
                .reversed()
                .thenComparing(Merge::leftId)
                .thenComparing(Merge::rightId));
        return merges.stream().map(merge -> merge.left + " " + merge.right).toList();
    }
}
