package org.dti4j.prompt;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.dti4j.data.Item;
import org.dti4j.problem.UserException;

/**
 * Turns the segments of a prompt into token ids, each on its own (docs/method.md section 2), so that training and serving build the
 * same ids. The tokenizer must stay open as long as this is used.
 */
public final class SegmentTokenizer {
    /** What is said of an item whose text comes to no token at all: [SUM] must have something to read. */
    private static final String NO_TEXT = "untitled";

    private static final int[] NOTHING = {};

    private final Tokenizer tokenizer;
    private final Template item;
    private final Template feedback;
    private final boolean hasFeedback;
    private final String liked;
    private final String disliked;
    private final int maxItemTokens;
    private final OptionalInt unknown;
    private final int[] prefix;
    private final Map<Outcome, int[]> feedbacks = new ConcurrentHashMap<>();
    private final AtomicLong truncated = new AtomicLong();

    private record Outcome(boolean label, double rating) {}

    /** @throws UserException when the instruction is longer than {@code prompt.maxPrefixTokens} */
    public SegmentTokenizer(PromptConfig config, Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        item = config.itemTemplate();
        feedback = config.feedbackTemplate();
        hasFeedback = !config.feedback().isEmpty();
        liked = config.liked();
        disliked = config.disliked();
        maxItemTokens = config.maxItemTokens();
        unknown = tokenizer.id(WordLevelVocabulary.UNKNOWN);
        prefix = makePrefix(config);
    }

    private int[] makePrefix(PromptConfig config) {
        int[] beginning = tokenizer.beginning();
        int[] instruction = config.instruction().isEmpty() ? NOTHING : tokenizer.encode(config.instruction());
        int[] whole = Arrays.copyOf(beginning, beginning.length + instruction.length);
        System.arraycopy(instruction, 0, whole, beginning.length, instruction.length);
        if (whole.length > config.maxPrefixTokens()) {
            throw new UserException("prompt.instruction has %d tokens, must be <= prompt.maxPrefixTokens = %d"
                    .formatted(whole.length, config.maxPrefixTokens()));
        }
        return whole;
    }

    /** Ids of BOS, if the checkpoint has one, and of the instruction. Not to be written into. */
    public int[] prefix() {
        return prefix;
    }

    /**
     * Ids of an item's text, at least one and at most {@code maxItemTokens}.
     *
     * @throws UserException when the item lacks a column that the template names
     */
    public int[] item(Item described) {
        int[] ids = tokenizer.encode(item.format(described.fields()));
        if (ids.length == 0) {
            return tokenizer.encode(NO_TEXT);
        }
        if (ids.length > maxItemTokens) {
            truncated.incrementAndGet();
            return Arrays.copyOf(ids, maxItemTokens);
        }
        return ids;
    }

    /** Ids of the words for a past outcome, none when feedback is off. Not to be written into. */
    public int[] feedback(boolean label, double rating) {
        return hasFeedback ? feedbacks.computeIfAbsent(new Outcome(label, rating), this::tokenise) : NOTHING;
    }

    private int[] tokenise(Outcome outcome) {
        return tokenizer.encode(feedback.format(
                Map.of("outcome", outcome.label ? liked : disliked, "rating", withoutZeros(outcome.rating))));
    }

    /** 4 for 4.0, 3.5 for 3.5. */
    private static String withoutZeros(double rating) {
        return rating == Math.rint(rating) && Math.abs(rating) < 1e15
                ? Long.toString((long) rating)
                : Double.toString(rating);
    }

    /** Whether ids hold that of a word which the vocabulary lacks; never for checkpoints, whose tokenizers spell such words out. */
    boolean hasUnknown(int[] ids) {
        return unknown.isPresent() && Arrays.stream(ids).anyMatch(id -> id == unknown.getAsInt());
    }

    /** How many items so far were cut to {@code maxItemTokens}. */
    public long truncated() {
        return truncated.get();
    }
}
