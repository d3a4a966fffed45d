package org.dti4j.score;

import java.util.List;

/**
 * What one request asks: how likely is it that a user with this history likes each of the candidates?
 *
 * @param history oldest first; only the last {@code method.context} interactions are read
 * @param candidates ids of items, each scored as if it were the next interaction; none of them sees another
 */
public record Query(List<Interaction> history, List<String> candidates) {
    public Query {
        history = List.copyOf(history);
        candidates = List.copyOf(candidates);
    }
}
