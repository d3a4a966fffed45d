package org.dti4j.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which candidates of which requests go through the model together: equal shares of the tokens, one for each worker, or several where memory
 * would not hold those. Candidates of several requests share a pass, so that weights are read once for all of them.
 */
final class CandidateSplit {
    /**
     * Candidates of one request, {@code from} to {@code end - 1}.
     *
     * @param longest of their items, in tokens: the others are padded to it
     */
    record Part(int request, int from, int end, int longest) {
        private Part with(int tokens) {
            return new Part(request, from, end + 1, Math.max(longest, tokens));
        }

        private long tokens() {
            return (long) longest * (end - from);
        }
    }

    private final List<Part> parts = new ArrayList<>(); // of one pass

    private CandidateSplit() {}

    /**
     * Splits.
     *
     * @param lengths per request, tokens of each candidate's item
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
        boolean goesOn = last >= 0 && parts.get(last).request() == request;
        Part grown = goesOn ? parts.get(last).with(tokens) : new Part(request, at, at + 1, tokens);
        long others = parts.stream()
                .limit(goesOn ? last : last + 1)
                .mapToLong(Part::tokens)
                .sum();
        if (others + grown.tokens() > most) {
            return false;
        }
        if (goesOn) {
            parts.remove(last);
        }
        parts.add(grown);
        return true;
    }
}
