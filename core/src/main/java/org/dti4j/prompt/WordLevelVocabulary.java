package org.dti4j.prompt;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dti4j.data.Item;

/**
 * The vocabulary of the embedded model {@code nano}: the words of a catalogue, each one token, in lower case, and each
 * punctuation mark by itself. {@code Toy Story (1995)} has five tokens. Equal input gives an equal file.
 */
public final class WordLevelVocabulary {
    /** A word of letters, accents and digits, or any one other character that is no space. */
    private static final String WORD = "[\\p{L}\\p{M}\\p{N}]+|[^\\s\\p{L}\\p{M}\\p{N}]";

    private static final Pattern WORDS = Pattern.compile(WORD, Pattern.UNICODE_CHARACTER_CLASS);
    static final String UNKNOWN = "[UNK]";
    private static final String BEGINNING = "[BOS]";
    private static final List<String> SPECIAL = List.of(UNKNOWN, "[PAD]", BEGINNING, SumToken.SPELLING);

    private WordLevelVocabulary() {}

    /**
     * Makes a {@code tokenizer.json} whose words come from the items' texts, most frequent first, after the words that the
     * configuration itself uses.
     *
     * @param items the catalogue
     * @param config whose item template decides which columns are read
     * @param minCount words that occur in fewer places of the catalogue are left out, and read as unknown
     * @param maxTokens size of the vocabulary at most; the configuration's own words are in it whatever this is
     * @throws org.dti4j.problem.UserException when the template names a column that an item lacks
     */
    public static String build(Collection<Item> items, PromptConfig config, int minCount, int maxTokens) {
        Map<String, Integer> counts = new HashMap<>();
        Template template = config.itemTemplate();
        for (Item item : items) {
            words(template.format(item.fields())).forEach(word -> counts.merge(word, 1, Integer::sum));
        }
        Set<String> vocabulary = new LinkedHashSet<>(SPECIAL);
        configuredWords(config).forEach(vocabulary::add);
        counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= minCount && !vocabulary.contains(entry.getKey()))
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(Math.max(0, maxTokens - vocabulary.size()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(vocabulary::add);
        return json(List.copyOf(vocabulary));
    }

    /** The words of all texts that do not come from the catalogue; ratings go from 0 to 10, in halves. */
    private static Stream<String> configuredWords(PromptConfig config) {
        Template feedback = config.feedbackTemplate();
        Stream<String> feedbacks = Stream.of(config.liked(), config.disliked())
                .flatMap(outcome -> IntStream.rangeClosed(0, 10)
                        .mapToObj(rating -> feedback.format(Map.of("outcome", outcome, "rating", rating + ".5"))));
        return Stream.concat(Stream.of(config.yesWord(), config.noWord(), config.instruction()), feedbacks)
                .flatMap(WordLevelVocabulary::words);
    }

    /** Does what the file's normalizer and pre-tokenizer say; a word that the two read differently is an unknown one. */
    private static Stream<String> words(String text) {
        StringBuilder lower = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFC)
                .codePoints()
                .mapToObj(Character::toString)
                .forEach(character -> lower.append(character.toLowerCase(Locale.ROOT)));
        return WORDS.matcher(lower).results().map(MatchResult::group);
    }

    private static String json(List<String> vocabulary) {
        TokenizerJson json = new TokenizerJson();
        for (int id = 0; id < SPECIAL.size(); id++) {
            json.addToken(id, SPECIAL.get(id), true);
        }
        json.normalizer(
                TokenizerJson.sequence("normalizers", List.of(Map.of("type", "NFC"), Map.of("type", "Lowercase"))));
        json.preTokenizer(TokenizerJson.split(WORD, "Removed", true));
        json.beginning(BEGINNING, SPECIAL.indexOf(BEGINNING));
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.forEach(word -> ids.put(word, ids.size()));
        return json.model(TokenizerJson.ordered("type", "WordLevel", "vocab", ids, "unk_token", UNKNOWN))
                .toString();
    }
}
