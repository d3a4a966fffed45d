package org.dti4j.checkpoint;

import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.model.LlamaConfig;
import org.dti4j.model.Weights;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint with an adapter folded into it: W + scale · B A, trained rows and whole weights in place of the base's, all in float32 before
 * anything is rounded. It owns neither of the two.
 */
public final class MergedWeights implements Weights {
    private static final String WEIGHT = ".weight";

    private final Weights base;
    private final PeftAdapter adapter;

    public MergedWeights(Weights base, PeftAdapter adapter) {
        this.base = adapter.whole().over(base);
        this.adapter = adapter;
    }

    @Override
    public LlamaConfig config() {
        return base.config();
    }

    @Override
    public Set<String> names() {
        return base.names();
    }

    @Override
    public Tensor read(String name, Precision precision) {
        PeftAdapter.Pair pair = pair(name);
        boolean rows =
                name.equals(LlamaTensors.EMBEDDING) && !adapter.tokenRows().isEmpty();
        if (pair == null && !rows) {
            return base.read(name, precision);
        }
        try (Scope scope = Scope.open()) {
            Tensor weight = base.read(name, Precision.FLOAT32);
            Tensor merged = pair == null
                    ? withRows(weight)
                    : weight.add(pair.b().detach().matmul(pair.a().detach()).mul(new Scalar(pair.scale())));
            return scope.keep(merged.to(precision.type()));
        }
    }

    private PeftAdapter.@Nullable Pair pair(String name) {
        return name.endsWith(WEIGHT) ? adapter.modules().get(name.substring(0, name.length() - WEIGHT.length())) : null;
    }

    private Tensor withRows(Tensor embedding) {
        Tensor copy = embedding.clone();
        adapter.tokenRows()
                .forEach(
                        (token, row) -> copy.select(0, token).copy_(row.detach().to(torch.ScalarType.Float)));
        return copy;
    }

    @Override
    public void close() {}
}
