package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.dti4j.data.Item;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;

final class PromptVocabularyTest {
    private static PromptConfig words(String yes, String no, String sum) {
        return PromptConfig.defaults()
                .with(words -> words.item("{title}").yesWord(yes).noWord(no).sum(sum));
    }

    private static Tokenizer wordLevel(PromptConfig config, String... titles) {
        List<Item> items = new ArrayList<>();
        for (String title : titles) {
            items.add(new Item(title, new TreeMap<>(Map.of("title", title))));
        }
        return HuggingFaceTokenizer.parse("test", WordLevelVocabulary.build(items, config, 1, 1_000));
    }

    @Test
    void labelWordOfTwoTokensIsAnErrorThatNamesThem() {
        PromptConfig config = words("yes please", "no", "");
        try (Tokenizer tokenizer = wordLevel(config, "good")) {
            assertThatThrownBy(() -> PromptVocabulary.of(config, tokenizer))
                    .isInstanceOf(UserException.class)
                    .hasMessage("prompt.yesWord = \"yes please\", must be one token of the model's vocabulary, "
                            + "but it is split into \"yes\", \"please\"; \"yes\" would be one");
        }
    }

    @Test
    void labelWordThatTheVocabularyLacksIsAnError() {
        try (Tokenizer tokenizer = wordLevel(words("yes", "no", ""), "good")) {
            assertThatThrownBy(() -> PromptVocabulary.of(words("oui", "non", ""), tokenizer))
                    .isInstanceOfSatisfying(
                            UserException.class,
                            e -> assertThat(e.problems())
                                    .hasSize(2)
                                    .first()
                                    .isEqualTo("prompt.yesWord = \"oui\", must be one token of the model's vocabulary, "
                                            + "but the vocabulary lacks it; \"yes\" would be one"));
        }
    }

    @Test
    void labelWordsThatAreOneTokenAreAnError() {
        try (Tokenizer tokenizer = wordLevel(words("yes", "no", ""), "good")) {
            assertThatThrownBy(() -> PromptVocabulary.of(words("yes", " Yes", ""), tokenizer))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("prompt.noWord = \" Yes\", must be another token");
        }
    }

    @Test
    void sumCanBeNamedAndMustExist() {
        try (Tokenizer tokenizer = wordLevel(words("yes", "no", ""), "good")) {
            assertThat(PromptVocabulary.of(words("yes", "no", "good"), tokenizer)
                            .sum())
                    .isEqualTo(tokenizer.id("good").orElseThrow());
            assertThatThrownBy(() -> PromptVocabulary.of(words("yes", "no", "[S]"), tokenizer))
                    .isInstanceOf(UserException.class)
                    .hasMessage("prompt.sum = \"[S]\", must be a token of the model's vocabulary as spelt there; "
                            + "added tokens: [UNK] [PAD] [BOS] [SUM]");
            assertThatThrownBy(() -> PromptVocabulary.of(words("yes", "no", "yes"), tokenizer))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("prompt.sum");
        }
    }

    @Test
    void unusedTokensOfCommonModelsAreChosen() {
        assertThat(chosen("<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|eot_id|>"))
                .isEqualTo("<|reserved_special_token_0|>");
        assertThat(chosen("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_pad|>", "<|video_pad|>", "<think>"))
                .isEqualTo("<|video_pad|>");
        assertThat(chosen("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>", "<empty_output>"))
                .isEqualTo("<empty_output>");
        assertThat(chosen("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[control_8]"))
                .isEqualTo("[control_8]");
    }

    @Test
    void vocabulariesWithoutAnUnusedTokenAskForOne() {
        assertThatThrownBy(() -> chosen("<unk>", "<s>", "</s>"))
                .isInstanceOf(UserException.class)
                .hasMessage("prompt.sum is empty and the vocabulary has no unused token to choose; "
                        + "name a token that no text contains; added tokens: <unk> <s> </s>");
    }

    private static String chosen(String... added) {
        try (Tokenizer tokenizer = new Added(List.of(added))) {
            return tokenizer.token(
                    PromptVocabulary.of(words("yes", "no", ""), tokenizer).sum());
        }
    }

    /** The added tokens of a model beside "yes" and "no". */
    private record Added(List<String> addedTokens) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return id(text).stream().toArray();
        }

        @Override
        public String decode(int[] ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int[] beginning() {
            return new int[0];
        }

        @Override
        public OptionalInt id(String token) {
            int id = vocabulary().indexOf(token);
            return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
        }

        @Override
        public String token(int id) {
            return vocabulary().get(id);
        }

        private List<String> vocabulary() {
            List<String> all = new ArrayList<>(addedTokens);
            all.addAll(List.of("yes", "no"));
            return all;
        }

        @Override
        public int size() {
            return vocabulary().size();
        }

        @Override
        public void close() {}
    }
}
