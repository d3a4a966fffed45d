package org.dti4j.prompt;

import org.dti4j.data.History;
import org.dti4j.data.PreparedData;

/** Writes planned streams out as token ids. Safe for use by several threads. */
public final class PromptWriter {
    private final PreparedData data;
    private final TokenizedCatalogue catalogue;
    private final SegmentTokenizer segments;

    /** @param catalogue the tokenised {@code data.items()} */
    public PromptWriter(PreparedData data, TokenizedCatalogue catalogue, SegmentTokenizer segments) {
        if (catalogue.items() != data.items().size()) {
            throw new IllegalArgumentException("the catalogue has %d items, the data %d"
                    .formatted(catalogue.items(), data.items().size()));
        }
        this.data = data;
        this.catalogue = catalogue;
        this.segments = segments;
    }

    /** The prompt of a stream. The feedback of its last target is not in it. */
    public Prompt write(Stream stream) {
        return write(history(stream), stream.first(), stream.firstTarget(), stream.end());
    }

    private History history(Stream stream) {
        History history = data.history(stream.user());
        return stream.order() == Stream.OF_TIME
                ? history
                : ShuffledHistory.of(history, Shuffle.seed(stream.order(), stream.user()), stream.distance());
    }

    /** The prompt of interactions {@code first} to {@code end - 1} of any history over the same catalogue. */
    public Prompt write(History history, int first, int firstTarget, int end) {
        int count = end - first;
        int[][] items = new int[count][];
        int[][] feedbacks = new int[count][];
        boolean[] labels = new boolean[count];
        for (int i = 0; i < count; i++) {
            items[i] = catalogue.item(history.item(first + i));
            labels[i] = history.label(first + i);
            feedbacks[i] = i + 1 < count ? segments.feedback(labels[i], history.rating(first + i)) : new int[0];
        }
        return new Prompt(segments.prefix(), items, feedbacks, firstTarget - first, labels);
    }

    /** Number of tokens of the stream's prompt, as {@link Prompt#tokens()} counts them, without writing it. */
    public int tokens(Stream stream) {
        History history = history(stream);
        int tokens = segments.prefix().length + stream.targets();
        for (int i = stream.first(); i < stream.end(); i++) {
            tokens += catalogue.length(history.item(i));
            if (i + 1 < stream.end()) {
                tokens += segments.feedback(history.label(i), history.rating(i)).length;
            }
        }
        return tokens;
    }
}
