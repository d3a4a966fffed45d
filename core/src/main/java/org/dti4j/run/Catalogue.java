package org.dti4j.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dti4j.data.Item;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.SegmentTokenizer;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;

/** Items by id, their token ids, and the prompts of queries over them. Nothing in it changes. */
final class Catalogue {
    /** Ratings that are told apart in prompts: tenths up to this; so texts of feedback stay few, whatever callers send. */
    static final int LARGEST_RATING = 1000;

    private static final int NAMED_PROBLEMS = 10;

    private final List<Item> items;
    private final Map<String, Integer> indices = new HashMap<>();
    private final TokenizedCatalogue tokens;
    private final SegmentTokenizer segments;
    private final boolean readsRatings;

    Catalogue(List<Item> items, SegmentTokenizer segments, String feedback, Progress progress) {
        this.items = items;
        this.segments = segments;
        readsRatings = feedback.contains("{rating}");
        tokens = TokenizedCatalogue.of(items, segments, progress);
        for (Item item : items) {
            indices.put(item.id(), indices.size());
        }
    }

    List<Item> items() {
        return items;
    }

    boolean has(String id) {
        return indices.containsKey(id);
    }

    /** Whether prompts can say a rating. */
    static boolean says(double rating) {
        return Math.abs(rating) <= LARGEST_RATING && Math.rint(rating * 10) == rating * 10;
    }

    /** @throws UserException that names the items of a query which the catalogue lacks, and ratings that prompts cannot say */
    void check(Query query) {
        List<String> problems = problems(query);
        if (problems.size() > NAMED_PROBLEMS) {
            String more = "… and %d more".formatted(problems.size() - NAMED_PROBLEMS);
            problems.subList(NAMED_PROBLEMS, problems.size()).clear();
            problems.add(more);
        }
        if (!problems.isEmpty()) {
            throw new UserException(problems);
        }
    }

    /** Of a query that cannot be scored; empty if it can. */
    List<String> problems(Query query) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < query.history().size(); i++) {
            Interaction interaction = query.history().get(i);
            checkItem("history[%d]".formatted(i), interaction.item(), problems);
            double rating = interaction.rating();
            if (readsRatings && !says(rating)) {
                problems.add(
                        "history[%d].rating = %s, must be a number of at most one decimal: prompt.feedback of the run says {rating}"
                                .formatted(i, rating));
            }
        }
        for (int i = 0; i < query.candidates().size(); i++) {
            checkItem("candidates[%d]".formatted(i), query.candidates().get(i), problems);
        }
        return problems;
    }

    private void checkItem(String where, String id, List<String> problems) {
        if (!has(id)) {
            String shown = id.length() <= 60 ? id : id.substring(0, 60) + "…";
            problems.add(
                    "%s = %s, must be an item of the run's catalogue (%d items)".formatted(where, shown, items.size()));
        }
    }

    Optional<Item> find(String id) {
        return Optional.ofNullable(indices.get(id)).map(items::get);
    }

    int[] item(String id) {
        return tokens.item(Objects.requireNonNull(indices.get(id), "checked before"));
    }

    int[] feedback(Interaction interaction) {
        return segments.feedback(interaction.liked(), readsRatings ? interaction.rating() : 0);
    }

    /** What of an interaction prompts say: interactions that read the same are equal. */
    Interaction asRead(Interaction interaction) {
        return readsRatings ? interaction : new Interaction(interaction.item(), interaction.liked());
    }

    /** Ids of an interaction's item and feedback. */
    int[] tokens(Interaction interaction) {
        int[] item = item(interaction.item());
        int[] feedback = feedback(interaction);
        int[] both = Arrays.copyOf(item, item.length + feedback.length);
        System.arraycopy(feedback, 0, both, item.length, feedback.length);
        return both;
    }

    /** All ids of one candidate's k = 1 prompt, one after the other. */
    int[] promptTokens(List<Interaction> history, String candidate, int sum) {
        return Stream.of(
                        IntStream.of(segments.prefix()),
                        history.stream().flatMapToInt(each -> IntStream.of(tokens(each))),
                        IntStream.of(item(candidate)),
                        IntStream.of(sum))
                .flatMapToInt(ids -> ids)
                .toArray();
    }

    /** The k = 1 prompt of one candidate. */
    Prompt prompt(List<Interaction> history, String candidate) {
        int size = history.size();
        int[][] texts = new int[size + 1][];
        int[][] feedbacks = new int[size + 1][];
        boolean[] labels = new boolean[size + 1];
        for (int i = 0; i < size; i++) {
            texts[i] = item(history.get(i).item());
            feedbacks[i] = feedback(history.get(i));
            labels[i] = history.get(i).liked();
        }
        texts[size] = item(candidate);
        feedbacks[size] = new int[0];
        return new Prompt(segments.prefix(), texts, feedbacks, size, labels);
    }
}
