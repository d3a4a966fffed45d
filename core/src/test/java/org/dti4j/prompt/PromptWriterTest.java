package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.Item;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.data.SyntheticData;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class PromptWriterTest {
    private static final PreparedData DATA = SyntheticData.of(2, 12, 40, 5, 40);
    private static final PromptConfig CONFIG = PromptConfig.defaults();
    private static final Tokenizer TOKENIZER =
            HuggingFaceTokenizer.parse("test", WordLevelVocabulary.build(DATA.items(), CONFIG, 1, 10_000));
    private static final SegmentTokenizer SEGMENTS = new SegmentTokenizer(CONFIG, TOKENIZER);
    private static final TokenizedCatalogue CATALOGUE = TokenizedCatalogue.of(DATA.items(), SEGMENTS, Progress.SILENT);
    private static final PromptWriter WRITER = new PromptWriter(DATA, CATALOGUE, SEGMENTS);

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    private static PromptConfig withLimits(int maxItemTokens, int maxPrefixTokens) {
        return CONFIG.with(words ->
                words.item("{title}").feedback("").maxItemTokens(maxItemTokens).maxPrefixTokens(maxPrefixTokens));
    }

    @Test
    void everySegmentIsTokenisedOnItsOwn() {
        Template template = CONFIG.itemTemplate();
        for (Stream stream : StreamPlan.of(TargetSet.of(DATA, Part.TRAIN, 3), 3, 4)) {
            History history = DATA.history(stream.user());
            Prompt prompt = WRITER.write(stream);
            assertThat(prompt.targets()).isEqualTo(stream.targets());
            for (int i = 0; i < prompt.interactions(); i++) {
                int interaction = stream.first() + i;
                Item item = DATA.items().get(history.item(interaction));
                assertThat(prompt.item(i)).isEqualTo(TOKENIZER.encode(template.format(item.columns())));
                assertThat(prompt.label(i)).isEqualTo(history.label(interaction));
                if (i + 1 < prompt.interactions()) {
                    assertThat(prompt.feedback(i))
                            .isEqualTo(TOKENIZER.encode(history.label(interaction) ? ": liked" : ": disliked"));
                }
            }
        }
    }

    @Test
    void aShuffledEpochReadsTheSameTrainingInteractionsInAnotherOrder() {
        StreamPlan plan = StreamPlan.of(TargetSet.of(DATA, Part.TRAIN, 0), 3, StreamPlan.ALL);
        for (Stream stream : plan) {
            List<String> natural = interactions(WRITER.write(stream));
            List<String> first = interactions(WRITER.write(stream.shuffled(7, 0, 0)));
            assertThat(first).containsExactlyInAnyOrderElementsOf(natural).isNotEqualTo(natural);
            assertThat(first).isEqualTo(interactions(WRITER.write(stream.shuffled(7, 0, 0))));
            assertThat(first).isNotEqualTo(interactions(WRITER.write(stream.shuffled(7, 1, 0))));
            assertThat(first).isNotEqualTo(interactions(WRITER.write(stream.shuffled(8, 0, 0))));
        }
    }

    /** Items with their outcomes, from which feedback must not be torn. */
    private static List<String> interactions(Prompt prompt) {
        for (int i = 0; i + 1 < prompt.interactions(); i++) {
            assertThat(prompt.feedback(i)).isEqualTo(TOKENIZER.encode(prompt.label(i) ? ": liked" : ": disliked"));
        }
        return IntStream.range(0, prompt.interactions())
                .mapToObj(i -> Arrays.toString(prompt.item(i)) + prompt.label(i))
                .toList();
    }

    @Test
    void shufflingLeavesLaterPartsWhereTheyAre() {
        for (int user = 0; user < DATA.users(); user++) {
            History history = DATA.history(user);
            History shuffled = ShuffledHistory.of(history, 5, 0);
            for (int i = 0; i < history.size(); i++) {
                assertThat(shuffled.part(i)).isEqualTo(history.part(i));
                if (history.part(i) != Part.TRAIN) {
                    assertThat(List.of(shuffled.item(i), shuffled.label(i), shuffled.rating(i), shuffled.time(i)))
                            .isEqualTo(List.of(history.item(i), history.label(i), history.rating(i), history.time(i)));
                }
            }
        }
    }

    @Test
    void nearbyEachStaysNearItsPlace() {
        int[] order = Shuffle.nearby(500, 20, Shuffle.random(3));
        assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, 500).toArray());
        int moved = 0;
        for (int place = 0; place < order.length; place++) {
            assertThat(Math.abs(order[place] - place)).isLessThan(20);
            moved += order[place] == place ? 0 : 1;
        }
        assertThat(moved).isGreaterThan(400);
        assertThat(Shuffle.nearby(500, 1, Shuffle.random(3)))
                .isEqualTo(IntStream.range(0, 500).toArray());
    }

    @Test
    void aDistanceHoldsAHistoryNearItsOrder() {
        History history = DATA.history(0);
        History shuffled = ShuffledHistory.of(history, 5, 3);
        int moved = 0;
        for (int i = 0; i < history.size(); i++) {
            long time = shuffled.time(i);
            int from = IntStream.range(0, history.size())
                    .filter(at -> history.time(at) == time)
                    .findFirst()
                    .orElseThrow();
            assertThat(Math.abs(from - i)).isLessThan(3);
            moved += from == i ? 0 : 1;
        }
        assertThat(moved).isPositive();
    }

    /** The streams of one epoch share one order, so that each interaction is the target of at most one. */
    @Test
    void theStreamsOfAShuffledEpochShareOneOrder() {
        for (int k : List.of(1, 4)) {
            StreamPlan plan = StreamPlan.of(TargetSet.of(DATA, Part.TRAIN, 0), 3, k);
            Map<Integer, List<String>> byUser = new TreeMap<>();
            Map<Integer, List<String>> shuffledByUser = new TreeMap<>();
            for (Stream stream : plan) {
                add(byUser, stream, WRITER.write(stream));
                add(shuffledByUser, stream, WRITER.write(stream.shuffled(7, 0, 0)));
            }
            byUser.forEach((user, targets) ->
                    assertThat(shuffledByUser.get(user)).containsExactlyInAnyOrderElementsOf(targets));
        }
    }

    private static void add(Map<Integer, List<String>> byUser, Stream stream, Prompt prompt) {
        List<String> all = interactions(prompt);
        byUser.computeIfAbsent(stream.user(), user -> new ArrayList<>())
                .addAll(all.subList(stream.firstTarget() - stream.first(), all.size()));
    }

    @Test
    void lastTargetsFeedbackIsNeverInAPrompt() {
        for (int k : List.of(1, 4, StreamPlan.ALL)) {
            for (Stream stream : StreamPlan.of(TargetSet.of(DATA, Part.TRAIN, 0), 3, k)) {
                Prompt prompt = WRITER.write(stream);
                assertThat(prompt.feedback(prompt.interactions() - 1)).isEmpty();
            }
        }
    }

    @Test
    void aStreamBeginsAsTheSlidingPromptOfItsFirstTarget() {
        TargetSet targets = TargetSet.of(DATA, Part.TRAIN, 3);
        StreamPlan sliding = StreamPlan.of(targets, 3, 1);
        for (Stream stream : StreamPlan.of(targets, 3, 5)) {
            Stream single = sliding.stream()
                    .filter(other -> other.user() == stream.user() && other.firstTarget() == stream.firstTarget())
                    .findFirst()
                    .orElseThrow();
            Prompt whole = WRITER.write(stream);
            Prompt first = WRITER.write(single);
            assertThat(first.prefix()).isEqualTo(whole.prefix());
            assertThat(first.firstTarget()).isEqualTo(whole.firstTarget());
            for (int i = 0; i < first.interactions(); i++) {
                assertThat(first.item(i)).isEqualTo(whole.item(i));
                if (i + 1 < first.interactions()) {
                    assertThat(first.feedback(i)).isEqualTo(whole.feedback(i));
                }
            }
        }
    }

    @Test
    void lengthIsKnownWithoutWriting() {
        for (Stream stream : StreamPlan.of(TargetSet.of(DATA, Part.TRAIN, 0), 3, 4)) {
            assertThat(WRITER.tokens(stream)).isEqualTo(WRITER.write(stream).tokens());
            Stream shuffled = stream.shuffled(3, 0, 0);
            assertThat(WRITER.tokens(shuffled)).isEqualTo(WRITER.write(shuffled).tokens());
        }
    }

    @Test
    void longItemsAreCutAndCounted() {
        SegmentTokenizer segments = new SegmentTokenizer(withLimits(2, 512), TOKENIZER);
        TokenizedCatalogue catalogue = TokenizedCatalogue.of(DATA.items(), segments, Progress.SILENT);
        assertThat(catalogue.truncated()).isEqualTo(DATA.items().size());
        assertThat(catalogue.tokens()).isEqualTo(2 * DATA.items().size());
        assertThat(CATALOGUE.truncated()).isZero();
        assertThat(catalogue.item(7)).isEqualTo(Arrays.copyOfRange(CATALOGUE.item(7), 0, 2));
    }

    @Test
    void overlongInstructionsAreAnErrorNotCut() {
        assertThatThrownBy(() -> new SegmentTokenizer(withLimits(64, 5), TOKENIZER))
                .isInstanceOf(UserException.class)
                .hasMessageMatching("prompt.instruction has \\d+ tokens, must be <= prompt.maxPrefixTokens = 5");
    }

    @Test
    void itemsWithoutTextStillHaveAToken() {
        SegmentTokenizer segments = new SegmentTokenizer(withLimits(64, 512), TOKENIZER);
        assertThat(segments.item(new Item("x", new TreeMap<>(Map.of("title", "")))))
                .hasSize(1);
    }

    @Test
    void aTemplateMayNameTheItemsId() {
        PromptConfig config =
                CONFIG.with(words -> words.item("{title} {item_id}").feedback(""));
        SegmentTokenizer segments = new SegmentTokenizer(config, new WordsAsIds());
        assertThat(segments.item(new Item("77", new TreeMap<>(Map.of("title", "5")))))
                .containsExactly(5, 77);
    }

    @Test
    void unknownColumnsAreNamed() {
        PromptConfig config = CONFIG.withItem("{titel}");
        SegmentTokenizer segments = new SegmentTokenizer(config, TOKENIZER);
        assertThatThrownBy(() -> TokenizedCatalogue.of(DATA.items(), segments, Progress.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessage("prompt.item: no column titel; there are: genres, item_id, title");
    }

    @Test
    void idsAboveTwoBytesAreKeptToo() {
        int[] ids = {0, 1, 65_535, 65_536, 128_255};
        Tokenizer huge = new WordsAsIds();
        SegmentTokenizer segments = new SegmentTokenizer(withLimits(64, 512), huge);
        List<Item> items = Arrays.stream(ids)
                .mapToObj(id -> new Item("x", new TreeMap<>(Map.of("title", id + " " + id))))
                .toList();
        TokenizedCatalogue catalogue = TokenizedCatalogue.of(items, segments, Progress.SILENT);
        for (int i = 0; i < ids.length; i++) {
            assertThat(catalogue.item(i)).containsExactly(ids[i], ids[i]);
        }
    }

    /** Reads each number as its own token. */
    private static final class WordsAsIds implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return Arrays.stream(text.split(" "))
                    .filter(word -> word.matches("\\d+"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
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
        public java.util.OptionalInt id(String token) {
            return java.util.OptionalInt.empty();
        }

        @Override
        public String token(int id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> addedTokens() {
            return List.of();
        }

        @Override
        public int size() {
            return 200_000;
        }

        @Override
        public void close() {}
    }
}
