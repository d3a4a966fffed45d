package org.dti4j.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dti4j.prompt.Prompt;
import org.dti4j.score.Interaction;
import org.dti4j.score.Pieces;
import org.dti4j.score.Query;
import org.dti4j.score.Scorer;

/** Queries to a model whose method allows no streams: one k = 1 prompt per candidate. */
final class PromptQueries {
    /** Prompts that are written at a time: bounds what a query of many candidates holds. */
    private static final int MOST_AT_ONCE = 256;

    private final Scorer scorer;
    private final Pieces pieces;
    private final int atOnce;
    private final double[] scores;
    private final List<Prompt> prompts = new ArrayList<>();
    private int done;

    private PromptQueries(Scorer scorer, int candidates, Pieces pieces) {
        this.scorer = scorer;
        this.pieces = pieces;
        atOnce = Math.min(MOST_AT_ONCE, (candidates + pieces.count() - 1) / pieces.count());
        scores = new double[candidates];
    }

    /**
     * P(like) of each query's candidates.
     *
     * @param context n, how many interactions of a history are read
     */
    static List<double[]> score(List<Query> queries, Scorer scorer, Catalogue catalogue, int context, Pieces pieces) {
        PromptQueries all = new PromptQueries(
                scorer,
                queries.stream().mapToInt(query -> query.candidates().size()).sum(),
                pieces);
        for (Query query : queries) {
            List<Interaction> seen = last(query.history(), context);
            for (String candidate : query.candidates()) {
                all.add(catalogue.prompt(seen, candidate));
            }
        }
        all.scorePrompts();
        return all.split(queries);
    }

    /** The last interactions of a history, at most so many. */
    static List<Interaction> last(List<Interaction> history, int most) {
        return history.subList(Math.max(0, history.size() - most), history.size());
    }

    private void add(Prompt prompt) {
        prompts.add(prompt);
        if (prompts.size() == atOnce) {
            scorePrompts();
        }
    }

    private void scorePrompts() {
        if (prompts.isEmpty()) {
            return;
        }
        pieces.goOn();
        double[] some = scorer.score(prompts);
        System.arraycopy(some, 0, scores, done, some.length);
        done += some.length;
        prompts.clear();
    }

    private List<double[]> split(List<Query> queries) {
        List<double[]> each = new ArrayList<>();
        int from = 0;
        for (Query query : queries) {
            int to = from + query.candidates().size();
            each.add(Arrays.copyOfRange(scores, from, to));
            from = to;
        }
        return each;
    }
}
