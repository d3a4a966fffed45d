package org.dti4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.engine.BranchLayer.KeyValue;
import org.dti4j.tensor.Relay;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/**
 * One pass over the candidates of some streams: the rows of all items, then a [SUM] for each candidate. Weights are read once for all of them;
 * only the attention is each stream's own. Its tensors live in the scope that it was made in.
 */
final class BranchPass {
    private final BranchModel model;
    private final List<BranchGroup> groups;
    private final int rows; // of items
    private final int sums;

    BranchPass(BranchModel model, List<BranchGroup> groups) {
        this.model = model;
        this.groups = groups;
        rows = groups.stream().mapToInt(BranchGroup::rows).sum();
        sums = groups.stream().mapToInt(BranchGroup::branches).sum();
    }

    /** The [SUM]s' states after the final norm, [C, D], those of the first group first. */
    Tensor sums() {
        int last = model.layers().size() - 1;
        try (Relay x = new Relay(model.embedding().of(ids()))) {
            for (int layer = 0; layer <= last; layer++) {
                try (Scope scope = Scope.open()) {
                    x.next(scope, layer(x.now(), layer, layer == last));
                }
            }
            return model.norm().forward(x.now());
        }
    }

    private int[] ids() {
        int[] ids = new int[rows + sums];
        Arrays.fill(ids, model.sumId());
        int at = 0;
        for (BranchGroup group : groups) {
            group.write(ids, at);
            at += group.rows();
        }
        return ids;
    }

    /** @param last whether only the [SUM]s' states are wanted: nothing after the last layer reads another row */
    private Tensor layer(Tensor x, int at, boolean last) {
        BranchLayer layer = model.layers().get(at);
        Tensor h = layer.normed(x);
        KeyValue kv = layer.keyValue(h);
        if (last || rows == 0) {
            Tensor mixed =
                    Tensors.join(0, attendSums(layer.query(sumsOf(h)), kv, at).toArray(Tensor[]::new));
            return layer.finish(mixed, sumsOf(x));
        }
        Tensor q = layer.query(h);
        List<Tensor> mixed = attendItems(q, kv, at);
        mixed.addAll(attendSums(sumsOf(q), kv, at));
        return layer.finish(Tensors.join(0, mixed.toArray(Tensor[]::new)), x);
    }

    private Tensor sumsOf(Tensor all) {
        return all.narrow(0, rows, sums);
    }

    private List<Tensor> attendItems(Tensor q, KeyValue kv, int layer) {
        List<Tensor> mixed = new ArrayList<>();
        int row = 0;
        for (BranchGroup group : groups) {
            if (group.rows() > 0) {
                KeyValue own = kv.narrow(row, group.rows());
                mixed.add(group.attendItems(q.narrow(0, row, group.rows()), own, layer));
                row += group.rows();
            }
        }
        return mixed;
    }

    /** @param q of the [SUM]s alone */
    private List<Tensor> attendSums(Tensor q, KeyValue kv, int layer) {
        List<Tensor> mixed = new ArrayList<>();
        int row = 0;
        int sum = 0;
        for (BranchGroup group : groups) {
            KeyValue items = kv.narrow(row, group.rows());
            KeyValue itself = kv.narrow(rows + sum, group.branches());
            mixed.add(group.attendSums(q.narrow(0, sum, group.branches()), items, itself, layer));
            row += group.rows();
            sum += group.branches();
        }
        return mixed;
    }
}
