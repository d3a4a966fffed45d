package org.dti4j.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dti4j.engine.Padding;

/**
 * Which candidates of which requests go through the model together: equal shares of the tokens, one for each worker, or several where memory
 * would not hold those. Candidates of several requests share a pass, so that weights are read once for all of them. Within a pass, candidates
 * of one request are padded to the longest of their part: a part ends where that would cost more than another part does.
 */
final class CandidateSplit {
    /**
     * Candidates of one request, {@code from} to {@code end - 1}.
     *
     * @param longest of their items, in tokens: the others are padded to it
     * @param tokens of their items, without padding
     */
    record Part(int request, int from, int end, int longest, long tokens) {
        private Part with(int more) {
            return new Part(request, from, end + 1, Math.max(longest, more), tokens + more);
        }

        private long rows() {
            return (long) longest * (end - from);
        }

        private boolean wastes() {
            return Padding.wastes(rows(), tokens);
        }
    }

    private final List<Part> parts = new ArrayList<>(); // of one pass

    private CandidateSplit() {}

    /**
     * Splits.
     *
     * @param lengths per request, tokens of each candidate's item; best in ascending order
     * @param tokensPerPass at most, padding included; a longer candidate goes alone
     * @return the parts of each pass
     */
    static List<List<Part>> of(List<int[]> lengths, int workers, long tokensPerPass) {
        long total =
                lengths.stream().flatMapToInt(Arrays::stream).asLongStream().sum();
        long rounds = Math.max(1, (total + tokensPerPass * workers - 1) / (tokensPerPass * workers));
        List<CandidateSplit> passes = new ArrayList<>();
        long before = 0;
        long share = -1;
        for (int request = 0; request < lengths.size(); request++) {
            for (int at = 0; at < lengths.get(request).length; at++) {
                int tokens = lengths.get(request)[at];
                long middle = (2 * before + tokens) * rounds * workers / Math.max(1, 2 * total);
                before += tokens;
                if (middle == share && last(passes).takes(request, at, tokens, tokensPerPass)) {
                    continue;
                }
                share = middle;
                passes.add(new CandidateSplit());
                last(passes).takes(request, at, tokens, Long.MAX_VALUE);
            }
        }
        return passes.stream().map(pass -> pass.parts).toList();
    }

    private static CandidateSplit last(List<CandidateSplit> passes) {
        return passes.get(passes.size() - 1);
    }

    /** Takes the next candidate, unless the pass would be too large with it. */
    private boolean takes(int request, int at, int tokens, long most) {
        int last = parts.size() - 1;
        boolean goesOn = last >= 0
                && parts.get(last).request() == request
                && !parts.get(last).with(tokens).wastes();
        Part grown = goesOn ? parts.get(last).with(tokens) : new Part(request, at, at + 1, tokens, tokens);
        long others = parts.stream()
                .limit(goesOn ? last : last + 1)
                .mapToLong(Part::rows)
                .sum();
        if (others + grown.rows() > most) {
            return false;
        }
        if (goesOn) {
            parts.remove(last);
        }
        parts.add(grown);
        return true;
    }
}
