package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dti4j.data.Item;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.Test;

final class WordLevelVocabularyTest {
    private static final PromptConfig CONFIG = PromptConfig.defaults();

    private static HuggingFaceTokenizer tokenizer(List<Item> items, int minCount, int maxTokens) {
        return HuggingFaceTokenizer.parse("nano", WordLevelVocabulary.build(items, CONFIG, minCount, maxTokens));
    }

    private static Item item(String title, String genres) {
        return new Item("1", new TreeMap<>(Map.of("title", title, "genres", genres)));
    }

    private static List<String> tokens(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::token).toList();
    }

    @Test
    void everyTitleOfMovieLensSmallIsReadWordByWord() {
        List<Item> items = MovieLensSmall.items();
        Template template = CONFIG.itemTemplate();
        try (Tokenizer tokenizer = tokenizer(items, 1, Integer.MAX_VALUE)) {
            int unknown = tokenizer.id("[UNK]").orElseThrow();
            for (Item item : items) {
                String text = template.format(item.columns());
                int[] ids = tokenizer.encode(text);
                assertThat(ids).as(text).doesNotContain(unknown).hasSizeGreaterThan(1);
                assertThat(tokenizer.decode(ids).replace(" ", ""))
                        .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("\\s", ""));
            }
            assertThat(tokenizer.size()).isBetween(5_000, 12_000);
            assertThat(tokens(tokenizer, "Toy Story (1995)")).containsExactly("toy", "story", "(", "1995", ")");
        }
    }

    @Test
    void sizeIsBoundedAndTheMostFrequentWordsStay() {
        try (Tokenizer tokenizer = tokenizer(MovieLensSmall.items(), 1, 500)) {
            assertThat(tokenizer.size()).isEqualTo(500);
            assertThat(tokens(tokenizer, "The Drama, Zyzzyva")).containsExactly("the", "drama", ",", "[UNK]");
        }
    }

    @Test
    void rareWordsAreLeftOut() {
        List<Item> items = List.of(item("common rare", ""), item("common", ""));
        try (Tokenizer tokenizer = tokenizer(items, 2, 1_000)) {
            assertThat(tokens(tokenizer, "common rare")).containsExactly("common", "[UNK]");
        }
    }

    @Test
    void itemsWithWordsThatAreLeftOutAreCounted() {
        List<Item> items = List.of(item("common rare", ""), item("common", ""));
        try (Tokenizer tokenizer = tokenizer(items, 2, 1_000)) {
            SegmentTokenizer segments = new SegmentTokenizer(CONFIG, tokenizer);
            assertThat(TokenizedCatalogue.of(items, segments, Progress.SILENT).unknown())
                    .isEqualTo(1);
        }
        try (Tokenizer tokenizer = tokenizer(items, 1, 1_000)) {
            SegmentTokenizer segments = new SegmentTokenizer(CONFIG, tokenizer);
            assertThat(TokenizedCatalogue.of(items, segments, Progress.SILENT).unknown())
                    .isZero();
        }
    }

    @Test
    void anIdWithALetterBeforeItIsAWordOfItsOwn() {
        PromptConfig withIds = PromptConfig.defaults()
                .with(words -> words.item("\n{title} i{item_id}").feedback(""));
        Item item = new Item("1995", new TreeMap<>(Map.of("title", "Heat (1995)")));
        try (Tokenizer tokenizer =
                HuggingFaceTokenizer.parse("nano", WordLevelVocabulary.build(List.of(item), withIds, 1, 1_000))) {
            int[] ids = new SegmentTokenizer(withIds, tokenizer).item(item);
            assertThat(Arrays.stream(ids).mapToObj(tokenizer::token))
                    .containsExactly("heat", "(", "1995", ")", "i1995");
        }
    }

    @Test
    void theConfigurationsOwnWordsAreAlwaysKnown() {
        try (Tokenizer tokenizer = tokenizer(List.of(), 5, 0)) {
            SegmentTokenizer segments = new SegmentTokenizer(CONFIG, tokenizer);
            int unknown = tokenizer.id("[UNK]").orElseThrow();
            assertThat(segments.prefix())
                    .doesNotContain(unknown)
                    .startsWith(tokenizer.id("[BOS]").orElseThrow());
            assertThat(segments.feedback(true, 4)).doesNotContain(unknown).isNotEmpty();
            assertThat(segments.feedback(false, 4)).doesNotContain(unknown).isNotEqualTo(segments.feedback(true, 4));
            PromptVocabulary vocabulary = PromptVocabulary.of(CONFIG, tokenizer);
            assertThat(tokenizer.token(vocabulary.sum())).isEqualTo("[SUM]");
            assertThat(tokenizer.token(vocabulary.yes())).isEqualTo("yes");
        }
    }

    @Test
    void ratingsAreKnownWhereFeedbackTellsThem() {
        PromptConfig stars =
                PromptConfig.defaults().with(words -> words.item("{title}").feedback("{rating} stars"));
        String json = WordLevelVocabulary.build(List.of(), stars, 1, 0);
        try (Tokenizer tokenizer = HuggingFaceTokenizer.parse("nano", json)) {
            SegmentTokenizer segments = new SegmentTokenizer(stars, tokenizer);
            assertThat(Arrays.stream(segments.feedback(true, 3.5)).mapToObj(tokenizer::token))
                    .containsExactly("3", ".", "5", "stars");
            assertThat(Arrays.stream(segments.feedback(true, 4.0)).mapToObj(tokenizer::token))
                    .containsExactly("4", "stars");
        }
    }

    @Test
    void equalCataloguesGiveEqualFiles() {
        List<Item> items = MovieLensSmall.items();
        assertThat(WordLevelVocabulary.build(items, CONFIG, 1, 5_000))
                .isEqualTo(WordLevelVocabulary.build(List.copyOf(items), CONFIG, 1, 5_000));
    }

    @Test
    void oddLettersAreReadAsTheLibraryReadsThem() {
        String title = "İstanbul ΟΔΥΣΣΕΥΣ e\u0301tude Ǆ ﬁn 東京 😀 9½ $5 don't\u2028x\u00a0y\u0085z";
        try (Tokenizer tokenizer = tokenizer(List.of(item(title, "")), 1, 1_000)) {
            assertThat(tokenizer.encode(title))
                    .isNotEmpty()
                    .doesNotContain(tokenizer.id("[UNK]").orElseThrow());
        }
    }
}
