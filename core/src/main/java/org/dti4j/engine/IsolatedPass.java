package org.dti4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/**
 * Reads interactions that see nothing but themselves and the prefix: as branches of a stream that nothing happened in, those of like length
 * padded together. Its tensors live in the scope that is open.
 */
record IsolatedPass(BranchModel model, UserStream nothing) {
    /** Keys and values of their tokens, one interaction after the other: [Σ lengths, L · 2 · KV · E]. */
    Tensor read(int[][] interactions) {
        int[] lengths = Arrays.stream(interactions).mapToInt(ids -> ids.length).toArray();
        int[] first = new int[interactions.length]; // row of each interaction in what was read
        int rows = 0;
        try (Scope scope = Scope.open()) {
            List<Tensor> read = new ArrayList<>();
            for (List<Integer> part : Padding.parts(lengths)) {
                int longest = lengths[part.get(part.size() - 1)];
                read.add(padded(part.stream().map(place -> interactions[place]).toArray(int[][]::new), longest));
                for (int place : part) {
                    first[place] = rows;
                    rows += longest;
                }
            }
            int[] tokens = IntStream.range(0, interactions.length)
                    .flatMap(i -> IntStream.range(first[i], first[i] + lengths[i]))
                    .toArray();
            return scope.keep(Tensors.join(0, read.toArray(Tensor[]::new))
                    .index_select(0, model.placement().integers(tokens, tokens.length)));
        }
    }

    /** Of interactions that are padded to the longest of them, with the rows of padding. */
    private Tensor padded(int[][] interactions, int longest) {
        int[] ids = new int[interactions.length * longest];
        Arrays.fill(ids, model.sumId()); // nothing reads those rows
        for (int i = 0; i < interactions.length; i++) {
            System.arraycopy(interactions[i], 0, ids, i * longest, interactions[i].length);
        }
        try (Scope scope = Scope.open()) {
            return scope.keep(Tensors.join(1, layers(ids, longest).toArray(Tensor[]::new)));
        }
    }

    /** Per layer, [N, 2 · KV · E]. */
    private List<Tensor> layers(int[] ids, int longest) {
        TokenShape shape = TokenShape.of(model.config(), model.placement());
        BranchModel.Rows rows =
                model.rows(nothing, IntStream.range(0, ids.length).map(row -> row % longest), new int[longest]);
        return model.read(nothing, ids, rows, ids.length / longest, RowParts.WHOLE).stream()
                .map(shape::beside)
                .toList();
    }
}
