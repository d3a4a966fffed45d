package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GgufTokenizerTest {
    private static final List<String> CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789(),'!\u0120\u010A"
            .codePoints()
            .mapToObj(Character::toString)
            .toList();

    private static GgufTokenizerData byteLevel(String pre, @Nullable Boolean addBos, String... merges) {
        List<String> tokens = new ArrayList<>(CHARACTERS);
        Arrays.stream(merges).map(merge -> merge.replace(" ", "")).forEach(tokens::add);
        tokens.add("<|begin|>");
        int bos = tokens.size() - 1;
        List<Integer> types =
                IntStream.rangeClosed(0, bos).mapToObj(id -> id == bos ? 3 : 1).toList();
        return new GgufTokenizerData(
                "gpt2",
                pre,
                tokens,
                types,
                List.of(merges),
                List.of(),
                OptionalInt.of(bos),
                OptionalInt.empty(),
                addBos,
                false);
    }

    private static Tokenizer open(GgufTokenizerData data) {
        return HuggingFaceTokenizer.parse("test", GgufTokenizer.toJson(data));
    }

    private static List<String> tokens(GgufTokenizerData data, String text) {
        try (Tokenizer tokenizer = open(data)) {
            return Arrays.stream(tokenizer.encode(text))
                    .mapToObj(tokenizer::token)
                    .toList();
        }
    }

    @Test
    void digitsAreSplitAsTheFamilySplitsThem() {
        String[] merges = {"1 2", "12 3", "123 4"};
        assertThat(tokens(byteLevel("smollm", null, merges), "1234")).containsExactly("1", "2", "3", "4");
        assertThat(tokens(byteLevel("qwen2", null, merges), "1234")).containsExactly("1", "2", "3", "4");
        assertThat(tokens(byteLevel("llama-bpe", null, merges), "1234")).containsExactly("123", "4");
        assertThat(tokens(byteLevel("gpt-2", null, merges), "1234")).containsExactly("1234");
        assertThat(tokens(byteLevel("", null, merges), "1234")).containsExactly("123", "4");
    }

    @Test
    void spacesAndLineBreaksAreSplitAsTheFamilySplitsThem() {
        String[] merges = {"\u0120 a", ") \u010A", "\u0120 \u0120"};
        assertThat(tokens(byteLevel("smollm", null, merges), "a)\n   a"))
                .containsExactly("a", ")", "\u010A", "\u0120\u0120", "\u0120a");
        assertThat(tokens(byteLevel("llama-bpe", null, merges), "a)\n   a"))
                .containsExactly("a", ")\u010A", "\u0120\u0120", "\u0120a");
    }

    @Test
    void wholeTokensStayWholeOnlyWhereTheFamilySaysSo() {
        GgufTokenizerData llama = byteLevel("llama-bpe", null, "a b", "c d", "ab cd");
        List<String> merges = llama.merges().subList(0, 2);
        for (String pre : List.of("llama-bpe", "smollm")) {
            GgufTokenizerData data = new GgufTokenizerData(
                    "gpt2",
                    pre,
                    llama.tokens(),
                    llama.types(),
                    merges,
                    List.of(),
                    llama.bos(),
                    OptionalInt.empty(),
                    null,
                    null);
            assertThat(tokens(data, "abcd"))
                    .containsExactly(pre.equals("smollm") ? new String[] {"ab", "cd"} : new String[] {"abcd"});
        }
    }

    @Test
    void textsBeginWithBosWhereTheFileOrElseTheFamilySaysSo() {
        assertThat(beginning("smollm", null)).isZero();
        assertThat(beginning("smollm", true)).isEqualTo(1);
        assertThat(beginning("llama-bpe", null)).isEqualTo(1);
        assertThat(beginning("llama-bpe", false)).isZero();
    }

    private static int beginning(String pre, @Nullable Boolean addBos) {
        try (Tokenizer tokenizer = open(byteLevel(pre, addBos, "a b"))) {
            assertThat(tokenizer.encode("ab")).hasSize(1);
            return tokenizer.beginning().length;
        }
    }

    @Test
    void controlTokensAreAddedTokens() {
        GgufTokenizerData data = byteLevel("smollm", null, "a b");
        assertThat(tokens(data, "ab<|begin|>ab")).containsExactly("ab", "<|begin|>", "ab");
    }

    @Test
    void sentencePieceMergesByScoreAndFallsBackToBytes() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        IntStream.range(0, 256).mapToObj("<0x%02X>"::formatted).forEach(tokens::add);
        tokens.addAll(List.of("\u2581", "a", "b", "c", "bc", "ab", "\u2581a", "\u2581ab"));
        List<Float> scores = new ArrayList<>(java.util.Collections.nCopies(259, 0f));
        scores.addAll(List.of(-9f, -9f, -9f, -9f, -1f, -2f, -3f, -4f));
        List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
        types.addAll(java.util.Collections.nCopies(256, 6));
        types.addAll(java.util.Collections.nCopies(8, 1));
        GgufTokenizerData data = new GgufTokenizerData(
                "llama", "", tokens, types, List.of(), scores, OptionalInt.of(1), OptionalInt.of(0), null, null);
        assertThat(tokens(data, "abc ab")).containsExactly("\u2581a", "bc", "\u2581ab");
        assertThat(tokens(data, "a\u00e9")).containsExactly("\u2581a", "<0xC3>", "<0xA9>");
        try (Tokenizer tokenizer = open(data)) {
            assertThat(tokenizer.decode(tokenizer.encode("abc a\u00e9"))).isEqualTo("abc a\u00e9");
            assertThat(tokenizer.beginning()).containsExactly(1);
        }
    }

    /** A vocabulary of SentencePiece without scores that matter. */
    private static GgufTokenizerData spelt(List<String> tokens) {
        return new GgufTokenizerData(
                "llama",
                "",
                tokens,
                java.util.Collections.nCopies(tokens.size(), 1),
                List.of(),
                java.util.Collections.nCopies(tokens.size(), 0f),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false,
                false);
    }

    @Test
    void emptyTokensKeepTheirIds() {
        try (Tokenizer tokenizer = open(spelt(List.of("a", "", "", "b")))) {
            assertThat(tokenizer.encode("b")).containsExactly(3);
            assertThat(tokenizer.token(2)).isEqualTo("[EMPTY_2]");
        }
    }

    @Test
    void tokensThatAreSpeltAlikeAreRefused() {
        assertThatThrownBy(() -> spelt(List.of("a", "b", "a")))
                .isInstanceOf(UserException.class)
                .hasMessage("tokenizer.ggml.tokens = 0 and 2 alike, must be spelt differently each");
    }

    @Test
    void endlessTokensAreRefused() {
        assertThatThrownBy(() -> spelt(List.of("a", "a".repeat(1025))))
                .isInstanceOf(UserException.class)
                .hasMessage("tokenizer.ggml.tokens = one of 1,025 letters, must be of at most 1,024 letters each");
    }

    @Test
    void unknownRulesAreNamedBesideTheKnownOnes() {
        assertThatThrownBy(() -> GgufTokenizer.toJson(byteLevel("martian", null, "a b")))
                .isInstanceOf(UserException.class)
                .hasMessageMatching("tokenizer.ggml.pre = martian, must be one of .*smollm.*qwen2.*");
    }

    @Test
    void inconsistentMetadataAreReported() {
        assertThatThrownBy(() -> new GgufTokenizerData(
                        "bert",
                        "",
                        List.of("a"),
                        List.of(1, 1),
                        List.of(),
                        List.of(),
                        OptionalInt.of(7),
                        OptionalInt.empty(),
                        null,
                        null))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.problems()).hasSize(3));
    }
}
