package org.dti4j.serve;

import java.util.List;
import org.dti4j.run.ClickScorer;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;

/** What a request asks for, before it is known which model will answer: it may be exchanged while the request waits. */
record Asked(Past past, List<String> candidates) {
    /**
     * A history, oldest first.
     *
     * @param stored kept by the server from earlier requests, perhaps under another model; else written out in this request
     */
    record Past(List<Interaction> interactions, boolean stored) {}

    /**
     * The query to a model. Of a stored history, what the model cannot read is left out: its catalogue may lack what an earlier one had, and
     * the client of now cannot help that. What a request says itself stays as it is, to be refused if it is wrong.
     */
    Query to(ClickScorer scorer) {
        return new Query(
                past.stored()
                        ? past.interactions().stream().filter(scorer::reads).toList()
                        : past.interactions(),
                candidates);
    }
}
