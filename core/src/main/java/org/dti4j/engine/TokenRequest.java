package org.dti4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.jspecify.annotations.Nullable;

/** Interactions whose tokens are asked for: which of {@link SharedStates} each row of the answer is, or which of those that must be computed. */
final class TokenRequest {
    private final int[][] interactions;
    private final int rowsEach;
    private final int[] sources; // per row: a place, or -1 - row of what is computed
    private final List<Missing> missing = new ArrayList<>();
    private int found;
    private int computed;

    /** An interaction to compute. */
    static final class Missing {
        private final int[] ids;
        private final TokenKey[] keys;

        private Missing(int[] ids, TokenKey[] keys) {
            this.ids = ids;
            this.keys = keys;
        }

        int[] ids() {
            return ids;
        }

        TokenKey[] keys() {
            return keys;
        }
    }

    /** @param rowsEach of each interaction, at least: rows beyond its tokens repeat its first */
    TokenRequest(int[][] interactions, int rowsEach) {
        this.interactions = interactions;
        this.rowsEach = rowsEach;
        sources = new int
                [Arrays.stream(interactions)
                        .mapToInt(ids -> Math.max(ids.length, rowsEach))
                        .sum()];
        for (int[] ids : interactions) {
            if (ids.length == 0) {
                throw new IllegalArgumentException("an interaction has a token or more");
            }
        }
    }

    /** @param lookUp the place of a token; null if it must be computed, and so must its whole interaction */
    void fill(Function<TokenKey, @Nullable Integer> lookUp) {
        Map<TokenKey, int[]> known = new HashMap<>(); // by the last token: sources of the whole interaction
        int row = 0;
        for (int[] ids : interactions) {
            TokenKey[] keys = TokenKey.of(ids);
            int[] tokens = known.computeIfAbsent(keys[keys.length - 1], last -> tokens(ids, keys, lookUp));
            for (int i = 0; i < Math.max(ids.length, rowsEach); i++) {
                sources[row++] = tokens[i < ids.length ? i : 0];
            }
        }
    }

    /** The first token is looked up last: it is of most use to others, so it is the last to be evicted. */
    private int[] tokens(int[] ids, TokenKey[] keys, Function<TokenKey, @Nullable Integer> lookUp) {
        int[] tokens = new int[ids.length];
        boolean whole = true;
        for (int i = ids.length - 1; i >= 0; i--) {
            Integer place = lookUp.apply(keys[i]);
            whole &= place != null;
            tokens[i] = place == null ? 0 : place;
        }
        if (whole) {
            found += ids.length;
            return tokens;
        }
        int first = computed;
        missing.add(new Missing(ids, keys));
        computed += ids.length;
        return IntStream.range(0, ids.length).map(i -> -1 - (first + i)).toArray();
    }

    /** Tokens that are kept. */
    int found() {
        return found;
    }

    /** Tokens that must be computed. */
    int computed() {
        return computed;
    }

    /** Each once. */
    List<Missing> missing() {
        return missing;
    }

    /** The kept rows, a copy; what must be computed is not there yet. */
    Tensor gather(Tensor table) {
        int[] places = Arrays.stream(sources).map(source -> Math.max(0, source)).toArray();
        return found == 0 ? table.new_empty(sources.length, table.size(1)) : table.index_select(0, indices(places));
    }

    /** With what was computed in its rows. */
    Tensor completed(Tensor gathered, Tensor read) {
        int[] rows = IntStream.range(0, sources.length)
                .filter(row -> sources[row] < 0)
                .toArray();
        int[] from = Arrays.stream(rows).map(row -> -1 - sources[row]).toArray();
        return gathered.index_copy_(0, indices(rows), read.index_select(0, indices(from)));
    }

    private static Tensor indices(int[] values) {
        return Placement.CPU_FLOAT32.integers(values, values.length);
    }
}
