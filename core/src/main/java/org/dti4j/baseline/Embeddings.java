package org.dti4j.baseline;

import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;

/**
 * What all networks start from: an item is its own vector plus that of its category, an interaction the item plus its outcome.
 *
 * @param width d
 */
record Embeddings(ItemTable table, Tensor items, Tensor categories, Tensor feedback, int width) {
    static Embeddings of(Parameters parameters, ItemTable table, int width) {
        return new Embeddings(
                table,
                parameters.embedding("items", table.items() + 1, width),
                parameters.embedding("categories", table.categoryCount() + 1, width),
                parameters.embedding("feedback", 3, width),
                width);
    }

    /** [N, d]. */
    Tensor targets(Examples examples) {
        return of(examples.targets(), examples.count());
    }

    /** [N, n, d], zero where there is none. */
    Tensor context(Examples examples) {
        return interactions(examples.items(), examples.feedback(), examples.count(), examples.context());
    }

    /** [N, m, d], zero where there is none. */
    Tensor found(Examples examples) {
        return interactions(examples.foundItems(), examples.foundFeedback(), examples.count(), examples.found());
    }

    private Tensor interactions(int[] ids, int[] outcomes, int count, int length) {
        Tensor sum = of(ids, ids.length).add(rows(feedback, outcomes)).view(count, length, width);
        return sum.mul(mask(ids, count, length).unsqueeze(-1));
    }

    private Tensor of(int[] ids, int count) {
        int[] kinds = new int[count];
        for (int i = 0; i < count; i++) {
            kinds[i] = table.categories()[ids[i]];
        }
        return rows(items, ids).add(rows(categories, kinds));
    }

    static Tensor rows(Tensor of, int[] ids) {
        return of.index_select(0, Placement.CPU_FLOAT32.integers(ids, ids.length));
    }

    /** [N, length], 1 where there is an interaction. */
    static Tensor mask(int[] ids, int count, int length) {
        return Placement.CPU_FLOAT32.floats(Examples.mask(ids), count, length);
    }
}
